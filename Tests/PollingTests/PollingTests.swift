// PollingTests
