// AlertingTests
