// ParsingTests
