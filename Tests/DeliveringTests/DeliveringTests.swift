// DeliveringTests
