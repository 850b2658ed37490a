#pragma once
#ifdef __cplusplus
extern "C" {
#endif
int nabat_json_placeholder(void);
#ifdef __cplusplus
}
#endif
