"""Where a journey goes next."""
