// libcurl's setters and getters are variadic, which Swift cannot call: one typed wrapper for each argument kind.
#pragma once
#include <curl/curl.h>
