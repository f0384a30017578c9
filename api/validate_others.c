#include "api/validate_int.h"

const KindRow validate__others[] = {
    {NULL, NULL, NULL, NULL, NULL},
};
