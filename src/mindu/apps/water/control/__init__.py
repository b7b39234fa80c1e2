"""Gates and pumps: plans are made, proved on the model, chosen under a veto, kept safe."""
