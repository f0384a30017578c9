#include "tenancy/plans.h"

#define META(name, doc)                                                                            \
    "{\"metadata\":{\"name\":\"" name "\",\"labels\":{\"hostplane.io/built-in\":\"true\"},"        \
    "\"annotations\":{\"kubernetes.io/description\":\"" doc "\"}},"
#define REST(floor) "\"nodeView\":\"masked\",\"podSecurityFloor\":\"" floor "\"},\"status\":{}}"

const BasePlan base_plans[] = {
    {"free",
     META("free",
          "For trying things out.") "\"spec\":{\"isolation\":\"virtual\",\"weight\":1,"
                                    "\"limits\":{\"pods\":\"10\",\"cpu\":\"2\","
                                    "\"memory\":\"2Gi\",\"objects\":\"1000\",\"services\":"
                                    "\"10\",\"configmaps\":\"200\","
                                    "\"secrets\":\"200\",\"storage\":\"10Gi\"}," REST("baseline")},
    {"standard", META("standard", "For ordinary work; what a tenant gets that names no "
                                  "plan.") "\"spec\":{\"isolation\":\"virtual\",\"weight\":"
                                           "10,\"limits\":{\"pods\":\"200\",\"cpu\":"
                                           "\"40\",\"memory\":\"128Gi\",\"objects\":"
                                           "\"50000\",\"services\":\"500\",\"configmaps\":"
                                           "\"5000\",\"secrets\":\"5000\",\"storage\":"
                                           "\"1Ti\"}," REST("baseline")},
    {"unlimited",
     META("unlimited",
          "No limits: for the platform's own tenants.") "\"spec\":{\"isolation\":"
                                                        "\"virtual\",\"weight\":10,"
                                                        "\"limits\":{}," REST("privileged")},
    {"", ""},
};
