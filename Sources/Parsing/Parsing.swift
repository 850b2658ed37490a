// Parsing: bytes as they were received → one `Feed`.
//
// In: a `Payload` and what is known of its source. Out: a `Feed` of plain values: plain-text titles, sanitised HTML,
// absolute addresses, moments in UTC, and a warning for everything that was odd. What is no feed gives no items.
// It reads neither files nor the network, follows no link, and takes no entity or DTD from outside the document.
//
// The way of a document: `TextDecoder` (bytes → UTF-8) → `DocumentKind.all` (what is it?) → the reader of that kind
// (one file in Kinds/), which works on an `XMLTree`, a `JSONValue` or an `HTMLPage` with the readers in Fields/.
