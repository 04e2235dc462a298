"""The judge of the matching engine. It knows the trial command's file formats and nothing of the engine."""
