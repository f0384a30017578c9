#include "api/validate_int.h"

const KindRow validate__net[] = {
    {NULL, NULL, NULL, NULL, NULL},
};
