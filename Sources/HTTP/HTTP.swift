// HTTP: requests to servers we do not trust, by libcurl on one thread.
//
// In: an address, limits and a policy of which network addresses may be reached. Out: status, headers and bytes, or an
// error in words. It knows nothing of feeds or webhooks, keeps no cookies, follows no proxy of the environment.
