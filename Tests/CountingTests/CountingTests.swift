// CountingTests
