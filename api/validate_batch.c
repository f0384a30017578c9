#include "api/validate_int.h"

const KindRow validate__batch[] = {
    {NULL, NULL, NULL, NULL, NULL},
};
