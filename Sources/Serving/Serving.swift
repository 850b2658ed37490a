// Serving: a small HTTP server on loopback, by libmicrohttpd: for the demo region, the receiver and tests.
//
// In: requests. Out: what the handler answers. It knows no routes.
