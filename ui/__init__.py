"""The faces: settings, command line, page, renderers. The only place that reads the environment."""
