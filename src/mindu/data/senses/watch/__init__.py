"""What is noticed of devices and series: their health, what is odd, what is likely to follow."""
