#include "api/validate_int.h"

const KindRow validate__storage[] = {
    {NULL, NULL, NULL, NULL, NULL},
};
