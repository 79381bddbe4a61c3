"""One file per way of running a model; `models.registry` finds them by their file name."""
