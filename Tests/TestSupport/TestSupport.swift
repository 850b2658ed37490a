// TestSupport: what several test targets share.
