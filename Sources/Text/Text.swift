// Text: see the package manifest for its place in the flow.
