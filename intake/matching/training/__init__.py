"""Making a ranker: examples from issue files, trees from LightGBM, calibration, one JSON file."""
