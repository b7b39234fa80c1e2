"""Looking ahead: a twin kept level with the gauges, an honest hour of forecast, plans weighed."""
