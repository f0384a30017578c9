#include "api/validate_int.h"

const KindRow validate__admission[] = {
    {NULL, NULL, NULL, NULL, NULL},
};
