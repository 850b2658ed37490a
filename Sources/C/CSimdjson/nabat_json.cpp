#include "nabat_json.h"
int nabat_json_placeholder(void) { return 0; }
