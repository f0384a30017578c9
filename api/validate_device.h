/*
 * validate_device.h - what claims and slices of devices have in common: names, lists, tolerations.
 * Inside api/ only; the rules of upstream's pkg/apis/resource/validation.
 *
 * Threads: any. Owns: nothing; errors live in the arena of the FieldErrs.
 * Tests:   tests/unit/api/test_validate_devices.c
 */
#ifndef API_VALIDATE_DEVICE_H
#define API_VALIDATE_DEVICE_H

#include "api/validate_int.h"

enum {
    DEVICE_DRIVER_MAX = 63,
    DEVICE_DOMAIN_MAX = 63,
    DEVICE_ID_MAX = 32,
    DEVICE_ATTRIBUTES_MAX = 32, /* with the capacities */
    DEVICE_ATTRIBUTE_VALUE_MAX = 64,
};

/* Whether a list is short enough to be looked at. */
bool device_check_len(FieldErrs *e, const Path *p, const Value *list, uint32_t most);
/* Items are told apart by `member`; NULL: by themselves. */
void device_check_unique(FieldErrs *e, const Path *p, const Value *list, const char *member);
void device_check_pool(FieldErrs *e, const Path *p, const char *name);
/* ID or DOMAIN/ID */
void device_check_qualified(FieldErrs *e, const Path *p, const char *name);
void device_check_full_name(FieldErrs *e, const Path *p, const char *name);
void device_check_toleration(FieldErrs *e, const Path *p, const Value *t);
void device_check_bindings(FieldErrs *e, const Path *p, const Value *v);
void device_check_uid(FieldErrs *e, const Path *p, const char *uid);
/* An address with the length of its network, in the one way to write it. */
void device_check_interface(FieldErrs *e, const Path *p, const char *address);

void validate__slice_create(FieldErrs *e, const Value *v);
void validate__slice_update(FieldErrs *e, const char *subresource, const Value *v,
                            const Value *old);

#endif
