/* made by tools/gen-api from api/schema/, do not edit */
#include "api/gen/gen.h"

static const char *const list_0[] = {"type", NULL};
static const char *const list_1[] = {"shared", "dedicated", NULL};
static const char *const list_2[] = {"namespace", "virtual", "dedicated", "hybrid", NULL};
static const char *const list_3[] = {"full", "masked", "none", NULL};
static const char *const list_4[] = {"privileged", "baseline", "restricted", NULL};
static const char *const list_5[] = {"User", "Group", NULL};
static const char *const list_6[] = {"certificate", "token", NULL};
static const char *const list_7[] = {"Active", "Suspended", NULL};
static const char *const list_8[] = {"name", NULL};
static const char *const list_9[] = {"containerPort", "protocol", NULL};
static const char *const list_10[] = {"mountPath", NULL};
static const char *const list_11[] = {"devicePath", NULL};
static const char *const list_12[] = {"ip", NULL};
static const char *const list_13[] = {"topologyKey", "whenUnsatisfiable", NULL};
static const char *const list_14[] = {"resourceID", NULL};
static const char *const list_15[] = {"port", "protocol", NULL};
static const char *const list_16[] = {"uid", NULL};
static const char *const list_17[] = {"driver", "device", "pool", "shareID", NULL};
static const char *const list_18[] = {"rule", NULL};

static const Field elem_0 = {.kind = FIELD_STRING};
static const Field elem_1 = {.kind = FIELD_OBJECT, .type = &gen_types[3]};
static const Field elem_2 = {.kind = FIELD_OBJECT, .type = &gen_types[6]};
static const Field elem_3 = {.kind = FIELD_OBJECT, .type = &gen_types[544]};
static const Field elem_4 = {.kind = FIELD_OBJECT, .type = &gen_types[9]};
static const Field elem_5 = {.kind = FIELD_OBJECT, .type = &gen_types[14]};
static const Field elem_6 = {.kind = FIELD_OBJECT, .type = &gen_types[13]};
static const Field elem_7 = {.kind = FIELD_OBJECT, .type = &gen_types[50]};
static const Field elem_8 = {.kind = FIELD_QUANTITY};
static const Field elem_9 = {.kind = FIELD_OBJECT, .type = &gen_types[15]};
static const Field elem_10 = {.kind = FIELD_OBJECT, .type = &gen_types[30]};
static const Field elem_11 = {.kind = FIELD_OBJECT, .type = &gen_types[43]};
static const Field elem_12 = {.kind = FIELD_OBJECT, .type = &gen_types[27]};
static const Field elem_13 = {.kind = FIELD_OBJECT, .type = &gen_types[64]};
static const Field elem_14 = {.kind = FIELD_OBJECT, .type = &gen_types[78], .go_type = "v1.Variable"};
static const Field elem_15 = {.kind = FIELD_OBJECT, .type = &gen_types[63], .go_type = "v1.Mutation"};
static const Field elem_16 = {.kind = FIELD_OBJECT, .type = &gen_types[55], .go_type = "v1.MatchCondition"};
static const Field elem_17 = {.kind = FIELD_OBJECT, .type = &gen_types[67]};
static const Field elem_18 = {.kind = FIELD_OBJECT, .type = &gen_types[55]};
static const Field elem_19 = {.kind = FIELD_OBJECT, .type = &gen_types[61]};
static const Field elem_20 = {.kind = FIELD_STRING, .go_type = "v1.OperationType"};
static const Field elem_21 = {.kind = FIELD_OBJECT, .type = &gen_types[53]};
static const Field elem_22 = {.kind = FIELD_STRING, .go_type = "v1.ValidationAction"};
static const Field elem_23 = {.kind = FIELD_OBJECT, .type = &gen_types[77]};
static const Field elem_24 = {.kind = FIELD_OBJECT, .type = &gen_types[52]};
static const Field elem_25 = {.kind = FIELD_OBJECT, .type = &gen_types[78]};
static const Field elem_26 = {.kind = FIELD_OBJECT, .type = &gen_types[75]};
static const Field elem_27 = {.kind = FIELD_OBJECT, .type = &gen_types[83]};
static const Field elem_28 = {.kind = FIELD_OBJECT, .type = &gen_types[82]};
static const Field elem_29 = {.kind = FIELD_OBJECT, .type = &gen_types[549]};
static const Field elem_30 = {.kind = FIELD_OBJECT, .type = &gen_types[81]};
static const Field elem_31 = {.kind = FIELD_OBJECT, .type = &gen_types[86]};
static const Field elem_32 = {.kind = FIELD_OBJECT, .type = &gen_types[91]};
static const Field elem_33 = {.kind = FIELD_OBJECT, .type = &gen_types[96]};
static const Field elem_34 = {.kind = FIELD_OBJECT, .type = &gen_types[298]};
static const Field elem_35 = {.kind = FIELD_OBJECT, .type = &gen_types[103]};
static const Field elem_36 = {.kind = FIELD_LIST, .elem = &elem_0, .go_type = "v1.ExtraValue"};
static const Field elem_37 = {.kind = FIELD_OBJECT, .type = &gen_types[546]};
static const Field elem_38 = {.kind = FIELD_OBJECT, .type = &gen_types[551]};
static const Field elem_39 = {.kind = FIELD_OBJECT, .type = &gen_types[125]};
static const Field elem_40 = {.kind = FIELD_OBJECT, .type = &gen_types[123]};
static const Field elem_41 = {.kind = FIELD_OBJECT, .type = &gen_types[146], .go_type = "v2.HPAScalingPolicy"};
static const Field elem_42 = {.kind = FIELD_OBJECT, .type = &gen_types[154], .go_type = "v2.MetricSpec"};
static const Field elem_43 = {.kind = FIELD_OBJECT, .type = &gen_types[155], .go_type = "v2.MetricStatus"};
static const Field elem_44 = {.kind = FIELD_OBJECT, .type = &gen_types[150], .go_type = "v2.HorizontalPodAutoscalerCondition"};
static const Field elem_45 = {.kind = FIELD_OBJECT, .type = &gen_types[296]};
static const Field elem_46 = {.kind = FIELD_OBJECT, .type = &gen_types[168]};
static const Field elem_47 = {.kind = FIELD_OBJECT, .type = &gen_types[175]};
static const Field elem_48 = {.kind = FIELD_INT32};
static const Field elem_49 = {.kind = FIELD_OBJECT, .type = &gen_types[174]};
static const Field elem_50 = {.kind = FIELD_OBJECT, .type = &gen_types[177]};
static const Field elem_51 = {.kind = FIELD_STRING, .go_type = "types.UID"};
static const Field elem_52 = {.kind = FIELD_STRING, .go_type = "v1.KeyUsage"};
static const Field elem_53 = {.kind = FIELD_OBJECT, .type = &gen_types[180]};
static const Field elem_54 = {.kind = FIELD_STRING, .go_type = "v1.Capability"};
static const Field elem_55 = {.kind = FIELD_OBJECT, .type = &gen_types[202]};
static const Field elem_56 = {.kind = FIELD_BYTES};
static const Field elem_57 = {.kind = FIELD_OBJECT, .type = &gen_types[260]};
static const Field elem_58 = {.kind = FIELD_OBJECT, .type = &gen_types[213]};
static const Field elem_59 = {.kind = FIELD_OBJECT, .type = &gen_types[232]};
static const Field elem_60 = {.kind = FIELD_OBJECT, .type = &gen_types[233]};
static const Field elem_61 = {.kind = FIELD_OBJECT, .type = &gen_types[214]};
static const Field elem_62 = {.kind = FIELD_OBJECT, .type = &gen_types[382]};
static const Field elem_63 = {.kind = FIELD_OBJECT, .type = &gen_types[381]};
static const Field elem_64 = {.kind = FIELD_OBJECT, .type = &gen_types[215]};
static const Field elem_65 = {.kind = FIELD_OBJECT, .type = &gen_types[383]};
static const Field elem_66 = {.kind = FIELD_OBJECT, .type = &gen_types[347]};
static const Field elem_67 = {.kind = FIELD_OBJECT, .type = &gen_types[225]};
static const Field elem_68 = {.kind = FIELD_OBJECT, .type = &gen_types[228]};
static const Field elem_69 = {.kind = FIELD_OBJECT, .type = &gen_types[229]};
static const Field elem_70 = {.kind = FIELD_OBJECT, .type = &gen_types[230]};
static const Field elem_71 = {.kind = FIELD_OBJECT, .type = &gen_types[252]};
static const Field elem_72 = {.kind = FIELD_OBJECT, .type = &gen_types[264]};
static const Field elem_73 = {.kind = FIELD_INT64};
static const Field elem_74 = {.kind = FIELD_OBJECT, .type = &gen_types[328]};
static const Field elem_75 = {.kind = FIELD_OBJECT, .type = &gen_types[267]};
static const Field elem_76 = {.kind = FIELD_STRING, .go_type = "v1.FinalizerName"};
static const Field elem_77 = {.kind = FIELD_OBJECT, .type = &gen_types[274]};
static const Field elem_78 = {.kind = FIELD_OBJECT, .type = &gen_types[330]};
static const Field elem_79 = {.kind = FIELD_OBJECT, .type = &gen_types[290]};
static const Field elem_80 = {.kind = FIELD_OBJECT, .type = &gen_types[289]};
static const Field elem_81 = {.kind = FIELD_OBJECT, .type = &gen_types[373]};
static const Field elem_82 = {.kind = FIELD_OBJECT, .type = &gen_types[281]};
static const Field elem_83 = {.kind = FIELD_OBJECT, .type = &gen_types[278]};
static const Field elem_84 = {.kind = FIELD_OBJECT, .type = &gen_types[212]};
static const Field elem_85 = {.kind = FIELD_STRING, .go_type = "v1.UniqueVolumeName"};
static const Field elem_86 = {.kind = FIELD_OBJECT, .type = &gen_types[188]};
static const Field elem_87 = {.kind = FIELD_OBJECT, .type = &gen_types[286]};
static const Field elem_88 = {.kind = FIELD_STRING, .go_type = "v1.PersistentVolumeAccessMode"};
static const Field elem_89 = {.kind = FIELD_OBJECT, .type = &gen_types[299]};
static const Field elem_90 = {.kind = FIELD_STRING, .go_type = "v1.ClaimResourceStatus"};
static const Field elem_91 = {.kind = FIELD_OBJECT, .type = &gen_types[309]};
static const Field elem_92 = {.kind = FIELD_OBJECT, .type = &gen_types[389]};
static const Field elem_93 = {.kind = FIELD_OBJECT, .type = &gen_types[314]};
static const Field elem_94 = {.kind = FIELD_OBJECT, .type = &gen_types[211]};
static const Field elem_95 = {.kind = FIELD_OBJECT, .type = &gen_types[371]};
static const Field elem_96 = {.kind = FIELD_OBJECT, .type = &gen_types[380]};
static const Field elem_97 = {.kind = FIELD_OBJECT, .type = &gen_types[210]};
static const Field elem_98 = {.kind = FIELD_OBJECT, .type = &gen_types[235]};
static const Field elem_99 = {.kind = FIELD_OBJECT, .type = &gen_types[269]};
static const Field elem_100 = {.kind = FIELD_OBJECT, .type = &gen_types[374]};
static const Field elem_101 = {.kind = FIELD_OBJECT, .type = &gen_types[253]};
static const Field elem_102 = {.kind = FIELD_OBJECT, .type = &gen_types[318]};
static const Field elem_103 = {.kind = FIELD_OBJECT, .type = &gen_types[377]};
static const Field elem_104 = {.kind = FIELD_OBJECT, .type = &gen_types[321]};
static const Field elem_105 = {.kind = FIELD_OBJECT, .type = &gen_types[319]};
static const Field elem_106 = {.kind = FIELD_OBJECT, .type = &gen_types[312]};
static const Field elem_107 = {.kind = FIELD_OBJECT, .type = &gen_types[254]};
static const Field elem_108 = {.kind = FIELD_OBJECT, .type = &gen_types[316]};
static const Field elem_109 = {.kind = FIELD_OBJECT, .type = &gen_types[221]};
static const Field elem_110 = {.kind = FIELD_OBJECT, .type = &gen_types[320]};
static const Field elem_111 = {.kind = FIELD_OBJECT, .type = &gen_types[280]};
static const Field elem_112 = {.kind = FIELD_OBJECT, .type = &gen_types[385]};
static const Field elem_113 = {.kind = FIELD_OBJECT, .type = &gen_types[337]};
static const Field elem_114 = {.kind = FIELD_STRING, .go_type = "v1.ResourceQuotaScope"};
static const Field elem_115 = {.kind = FIELD_OBJECT, .type = &gen_types[340]};
static const Field elem_116 = {.kind = FIELD_OBJECT, .type = &gen_types[342]};
static const Field elem_117 = {.kind = FIELD_OBJECT, .type = &gen_types[352]};
static const Field elem_118 = {.kind = FIELD_OBJECT, .type = &gen_types[364]};
static const Field elem_119 = {.kind = FIELD_STRING, .go_type = "v1.IPFamily"};
static const Field elem_120 = {.kind = FIELD_OBJECT, .type = &gen_types[375]};
static const Field elem_121 = {.kind = FIELD_OBJECT, .type = &gen_types[397]};
static const Field elem_122 = {.kind = FIELD_OBJECT, .type = &gen_types[396]};
static const Field elem_123 = {.kind = FIELD_OBJECT, .type = &gen_types[391]};
static const Field elem_124 = {.kind = FIELD_OBJECT, .type = &gen_types[394]};
static const Field elem_125 = {.kind = FIELD_OBJECT, .type = &gen_types[410]};
static const Field elem_126 = {.kind = FIELD_OBJECT, .type = &gen_types[403]};
static const Field elem_127 = {.kind = FIELD_OBJECT, .type = &gen_types[419]};
static const Field elem_128 = {.kind = FIELD_OBJECT, .type = &gen_types[417]};
static const Field elem_129 = {.kind = FIELD_OBJECT, .type = &gen_types[409]};
static const Field elem_130 = {.kind = FIELD_OBJECT, .type = &gen_types[412]};
static const Field elem_131 = {.kind = FIELD_OBJECT, .type = &gen_types[421]};
static const Field elem_132 = {.kind = FIELD_OBJECT, .type = &gen_types[433]};
static const Field elem_133 = {.kind = FIELD_OBJECT, .type = &gen_types[431]};
static const Field elem_134 = {.kind = FIELD_OBJECT, .type = &gen_types[438]};
static const Field elem_135 = {.kind = FIELD_OBJECT, .type = &gen_types[434]};
static const Field elem_136 = {.kind = FIELD_OBJECT, .type = &gen_types[443]};
static const Field elem_137 = {.kind = FIELD_OBJECT, .type = &gen_types[442]};
static const Field elem_138 = {.kind = FIELD_OBJECT, .type = &gen_types[441]};
static const Field elem_139 = {.kind = FIELD_OBJECT, .type = &gen_types[440]};
static const Field elem_140 = {.kind = FIELD_STRING, .go_type = "v1.PolicyType"};
static const Field elem_141 = {.kind = FIELD_TIME, .go_type = "v1.Time"};
static const Field elem_142 = {.kind = FIELD_OBJECT, .type = &gen_types[550]};
static const Field elem_143 = {.kind = FIELD_OBJECT, .type = &gen_types[460]};
static const Field elem_144 = {.kind = FIELD_OBJECT, .type = &gen_types[464]};
static const Field elem_145 = {.kind = FIELD_OBJECT, .type = &gen_types[471], .go_type = "v1.Counter"};
static const Field elem_146 = {.kind = FIELD_OBJECT, .type = &gen_types[476], .go_type = "v1.DeviceAttribute"};
static const Field elem_147 = {.kind = FIELD_OBJECT, .type = &gen_types[477], .go_type = "v1.DeviceCapacity"};
static const Field elem_148 = {.kind = FIELD_OBJECT, .type = &gen_types[484], .go_type = "v1.DeviceCounterConsumption"};
static const Field elem_149 = {.kind = FIELD_OBJECT, .type = &gen_types[489], .go_type = "v1.DeviceTaint"};
static const Field elem_150 = {.kind = FIELD_OBJECT, .type = &gen_types[493]};
static const Field elem_151 = {.kind = FIELD_OBJECT, .type = &gen_types[486], .go_type = "v1.DeviceRequestAllocationResult"};
static const Field elem_152 = {.kind = FIELD_OBJECT, .type = &gen_types[474], .go_type = "v1.DeviceAllocationConfiguration"};
static const Field elem_153 = {.kind = FIELD_BOOL};
static const Field elem_154 = {.kind = FIELD_OBJECT, .type = &gen_types[485], .go_type = "v1.DeviceRequest"};
static const Field elem_155 = {.kind = FIELD_OBJECT, .type = &gen_types[483], .go_type = "v1.DeviceConstraint"};
static const Field elem_156 = {.kind = FIELD_OBJECT, .type = &gen_types[479], .go_type = "v1.DeviceClaimConfiguration"};
static const Field elem_157 = {.kind = FIELD_OBJECT, .type = &gen_types[487], .go_type = "v1.DeviceSelector"};
static const Field elem_158 = {.kind = FIELD_OBJECT, .type = &gen_types[481], .go_type = "v1.DeviceClassConfiguration"};
static const Field elem_159 = {.kind = FIELD_OBJECT, .type = &gen_types[488], .go_type = "v1.DeviceSubRequest"};
static const Field elem_160 = {.kind = FIELD_OBJECT, .type = &gen_types[490], .go_type = "v1.DeviceToleration"};
static const Field elem_161 = {.kind = FIELD_OBJECT, .type = &gen_types[496], .go_type = "v1.ResourceClaimConsumerReference"};
static const Field elem_162 = {.kind = FIELD_OBJECT, .type = &gen_types[465], .go_type = "v1.AllocatedDeviceStatus"};
static const Field elem_163 = {.kind = FIELD_OBJECT, .type = &gen_types[473], .go_type = "v1.Device"};
static const Field elem_164 = {.kind = FIELD_OBJECT, .type = &gen_types[472], .go_type = "v1.CounterSet"};
static const Field elem_165 = {.kind = FIELD_STRING, .go_type = "v1.VolumeLifecycleMode"};
static const Field elem_166 = {.kind = FIELD_OBJECT, .type = &gen_types[512]};
static const Field elem_167 = {.kind = FIELD_OBJECT, .type = &gen_types[508]};
static const Field elem_168 = {.kind = FIELD_OBJECT, .type = &gen_types[376]};
static const Field elem_169 = {.kind = FIELD_OBJECT, .type = &gen_types[527]};
static const Field elem_170 = {.kind = FIELD_OBJECT, .type = &gen_types[523]};
static const Field elem_171 = {.kind = FIELD_OBJECT, .type = &gen_types[520]};
static const Field elem_172 = {.kind = FIELD_OBJECT, .type = &gen_types[534]};
static const Field elem_173 = {.kind = FIELD_ANY, .go_type = "v1.JSON"};
static const Field elem_174 = {.kind = FIELD_OBJECT, .type = &gen_types[533]};
static const Field elem_175 = {.kind = FIELD_ANY, .type = &gen_types[533]};
static const Field elem_176 = {.kind = FIELD_OBJECT, .type = &gen_types[536]};
static const Field elem_177 = {.kind = FIELD_OBJECT, .type = &gen_types[548]};
static const Field elem_178 = {.kind = FIELD_OBJECT, .type = &gen_types[558]};
static const Field elem_179 = {.kind = FIELD_OBJECT, .type = &gen_types[539]};
static const Field elem_180 = {.kind = FIELD_OBJECT, .type = &gen_types[541]};
static const Field elem_181 = {.kind = FIELD_OBJECT, .type = &gen_types[555]};
static const Field elem_182 = {.kind = FIELD_OBJECT, .type = &gen_types[553]};
static const Field elem_183 = {.kind = FIELD_OBJECT, .type = &gen_types[561]};
static const Field elem_184 = {.kind = FIELD_OBJECT, .type = &gen_types[566]};
static const Field elem_185 = {.kind = FIELD_OBJECT, .type = &gen_types[570]};

static const Field fields_0[] = { /* io.hostplane.audit.v1.AuditCheckpoint */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[1], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_0[] = {1, 0, 2, 3};
static const uint16_t wire_0[] = {2, 3};
static const Field fields_1[] = { /* io.hostplane.audit.v1.AuditCheckpointStatus */
    {.name = "start", .kind = FIELD_OBJECT, .type = &gen_types[4], .protobuf = 1, .flags = FIELD_PTR, .doc = "The record before the oldest that is kept."},
    {.name = "head", .kind = FIELD_OBJECT, .type = &gen_types[4], .protobuf = 2, .flags = FIELD_PTR, .doc = "The newest record."},
    {.name = "token", .kind = FIELD_STRING, .protobuf = 3, .doc = "The newest record as signed with the cluster's token key."},
    {.name = "earlier", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Tokens that were signed before, the newest first."},
    {.name = "bytes", .kind = FIELD_INT64, .protobuf = 5, .doc = "How many the records have."},
    {.name = "limitBytes", .kind = FIELD_INT64, .protobuf = 6, .flags = FIELD_PTR, .doc = "From how many on its own policies record nothing more; none when it is not given."},
};
static const uint16_t order_1[] = {4, 3, 1, 5, 0, 2};
static const uint16_t wire_1[] = {0, 1, 2, 3, 4, 5};
static const Field fields_2[] = { /* io.hostplane.audit.v1.AuditEvent */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "level", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED, .doc = "How much is recorded."},
    {.name = "auditID", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED, .doc = "Of the request."},
    {.name = "stage", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED, .doc = "RequestReceived, ResponseStarted or ResponseComplete."},
    {.name = "requestURI", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_REQUIRED, .doc = "What was asked for."},
    {.name = "verb", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_REQUIRED, .doc = "Its verb, or the method in lower case."},
    {.name = "user", .kind = FIELD_OBJECT, .type = &gen_types[118], .protobuf = 6, .flags = FIELD_REQUIRED, .doc = "Who asked."},
    {.name = "impersonatedUser", .kind = FIELD_OBJECT, .type = &gen_types[118], .protobuf = 7, .flags = FIELD_PTR, .doc = "As whom."},
    {.name = "sourceIPs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 8, .doc = "From where."},
    {.name = "userAgent", .kind = FIELD_STRING, .protobuf = 16, .doc = "With which program."},
    {.name = "objectRef", .kind = FIELD_ANY, .protobuf = 9, .doc = "The object."},
    {.name = "responseStatus", .kind = FIELD_ANY, .protobuf = 10, .doc = "The outcome."},
    {.name = "requestObject", .kind = FIELD_ANY, .protobuf = 11, .doc = "What was sent."},
    {.name = "responseObject", .kind = FIELD_ANY, .protobuf = 12, .doc = "What was answered."},
    {.name = "requestReceivedTimestamp", .kind = FIELD_MICRO_TIME, .protobuf = 13, .flags = FIELD_PTR, .doc = "When it came."},
    {.name = "stageTimestamp", .kind = FIELD_MICRO_TIME, .protobuf = 14, .flags = FIELD_PTR, .doc = "When it was recorded."},
    {.name = "annotations", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 15, .doc = "What authorization and admission have to say."},
};
static const uint16_t order_2[] = {17, 1, 3, 8, 0, 2, 11, 13, 15, 5, 14, 12, 9, 4, 16, 7, 10, 6};
static const uint16_t wire_2[] = {2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 10};
static const Field fields_3[] = { /* io.hostplane.audit.v1.AuditGroupResources */
    {.name = "group", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the group; empty for the core."},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Plural names, with subresources as pods/log, */scale or pods/*; all when empty."},
    {.name = "resourceNames", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "Names of objects; all when empty."},
};
static const uint16_t order_3[] = {0, 2, 1};
static const uint16_t wire_3[] = {0, 1, 2};
static const Field fields_4[] = { /* io.hostplane.audit.v1.AuditPlace */
    {.name = "sequence", .kind = FIELD_INT64, .protobuf = 1, .flags = FIELD_REQUIRED, .doc = "Its number."},
    {.name = "hash", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED, .doc = "Its hash."},
};
static const uint16_t order_4[] = {1, 0};
static const uint16_t wire_4[] = {0, 1};
static const Field fields_5[] = { /* io.hostplane.audit.v1.AuditPolicy */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[7], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[8], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_5[] = {1, 0, 2, 3, 4};
static const uint16_t wire_5[] = {2, 3, 4};
static const Field fields_6[] = { /* io.hostplane.audit.v1.AuditPolicyRule */
    {.name = "level", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "None, Metadata, Request or RequestResponse."},
    {.name = "users", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Names of users; all when empty."},
    {.name = "userGroups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "Groups of which the user is in one; all when empty."},
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Verbs; all when empty."},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_1, .protobuf = 5, .doc = "Resources; all when empty."},
    {.name = "namespaces", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 6, .doc = "Namespaces, the empty one for what is in none; all when empty."},
    {.name = "nonResourceURLs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 7, .doc = "Paths that are no resources; a * at the end stands for the rest."},
    {.name = "omitStages", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 8, .doc = "Stages that are not recorded."},
    {.name = "omitManagedFields", .kind = FIELD_BOOL, .protobuf = 9, .flags = FIELD_PTR, .doc = "Whether bodies are recorded without managedFields; the policy's word when absent."},
};
static const uint16_t order_6[] = {0, 5, 6, 8, 7, 4, 2, 1, 3};
static const uint16_t wire_6[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
static const Field fields_7[] = { /* io.hostplane.audit.v1.AuditPolicySpec */
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_2, .protobuf = 2, .doc = "The rules, in order."},
    {.name = "omitStages", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "Stages that are not recorded, whatever the rule."},
    {.name = "omitManagedFields", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether bodies are recorded without managedFields."},
};
static const uint16_t order_7[] = {2, 1, 0};
static const uint16_t wire_7[] = {0, 1, 2};
static const Field fields_8[] = { /* io.hostplane.audit.v1.AuditPolicyStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 1, .doc = "The generation that this is of."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_3, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .protobuf = 2, .flags = FIELD_PATCH_MERGE, .doc = "InForce: whether it is looked at."},
};
static const uint16_t order_8[] = {1, 0};
static const uint16_t wire_8[] = {0, 1};
static const Field fields_9[] = { /* io.hostplane.tenancy.v1.AnonymousAuthCondition */
    {.name = "path", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Their path, as it is: nothing is below it."},
};
static const uint16_t order_9[] = {0};
static const uint16_t wire_9[] = {0};
static const Field fields_10[] = { /* io.hostplane.tenancy.v1.AnonymousAuthConfig */
    {.name = "enabled", .kind = FIELD_BOOL, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "They are let in, as system:anonymous, for authorization to judge."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_4, .protobuf = 2, .doc = "Only those that one of these matches."},
};
static const uint16_t order_10[] = {1, 0};
static const uint16_t wire_10[] = {0, 1};
static const Field fields_11[] = { /* io.hostplane.tenancy.v1.ClaimMappings */
    {.name = "username", .kind = FIELD_OBJECT, .type = &gen_types[24], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "The name."},
    {.name = "groups", .kind = FIELD_OBJECT, .type = &gen_types[24], .protobuf = 2, .doc = "The groups."},
    {.name = "uid", .kind = FIELD_OBJECT, .type = &gen_types[12], .protobuf = 3, .doc = "The uid."},
    {.name = "extra", .kind = FIELD_LIST, .elem = &elem_5, .protobuf = 4, .doc = "More about the user."},
};
static const uint16_t order_11[] = {3, 1, 2, 0};
static const uint16_t wire_11[] = {0, 1, 2, 3};
static const Field fields_12[] = { /* io.hostplane.tenancy.v1.ClaimOrExpression */
    {.name = "claim", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the claim."},
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 2, .doc = "Expression of CEL, of `claims`."},
};
static const uint16_t order_12[] = {0, 1};
static const uint16_t wire_12[] = {0, 1};
static const Field fields_13[] = { /* io.hostplane.tenancy.v1.ClaimValidationRule */
    {.name = "claim", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the claim."},
    {.name = "requiredValue", .kind = FIELD_STRING, .protobuf = 2, .doc = "The text that it must be."},
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 3, .doc = "Expression of CEL, of `claims`, that must be true."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 4, .doc = "What is said when it is not."},
};
static const uint16_t order_13[] = {0, 2, 3, 1};
static const uint16_t wire_13[] = {0, 1, 2, 3};
static const Field fields_14[] = { /* io.hostplane.tenancy.v1.ExtraMapping */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its key, with a domain before it."},
    {.name = "valueExpression", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Expression of CEL, of `claims`, a string or a list of them."},
};
static const uint16_t order_14[] = {0, 1};
static const uint16_t wire_14[] = {0, 1};
static const Field fields_15[] = { /* io.hostplane.tenancy.v1.JWTAuthenticator */
    {.name = "issuer", .kind = FIELD_OBJECT, .type = &gen_types[16], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Who issues them."},
    {.name = "claimValidationRules", .kind = FIELD_LIST, .elem = &elem_6, .protobuf = 2, .doc = "What must hold of a token."},
    {.name = "claimMappings", .kind = FIELD_OBJECT, .type = &gen_types[11], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Who its bearer is."},
    {.name = "userValidationRules", .kind = FIELD_LIST, .elem = &elem_7, .protobuf = 4, .doc = "What must hold of the user."},
};
static const uint16_t order_15[] = {2, 1, 0, 3};
static const uint16_t wire_15[] = {0, 1, 2, 3};
static const Field fields_16[] = { /* io.hostplane.tenancy.v1.JWTIssuer */
    {.name = "url", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name, as tokens have it."},
    {.name = "discoveryURL", .kind = FIELD_STRING, .protobuf = 2, .doc = "Where its discovery document is, when not below its name."},
    {.name = "certificateAuthority", .kind = FIELD_STRING, .protobuf = 3, .doc = "Certificates that its server is checked by, in PEM; those of the system when empty."},
    {.name = "audiences", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .flags = FIELD_ALWAYS | FIELD_REQUIRED, .doc = "Whom tokens must be meant for; one of these."},
    {.name = "audienceMatchPolicy", .kind = FIELD_STRING, .protobuf = 5, .doc = "MatchAny."},
};
static const uint16_t order_16[] = {4, 3, 2, 1, 0};
static const uint16_t wire_16[] = {0, 1, 2, 3, 4};
static const Field fields_17[] = { /* io.hostplane.tenancy.v1.NodePool */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[18], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[19], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_17[] = {1, 0, 2, 3, 4};
static const uint16_t wire_17[] = {2, 3, 4};
static const Field fields_18[] = { /* io.hostplane.tenancy.v1.NodePoolSpec */
    {.name = "nodeSelector", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 1, .flags = FIELD_MAP_ATOMIC, .doc = "Labels of the nodes."},
    {.name = "mode", .kind = FIELD_STRING, .protobuf = 2, .enums = list_1, .deflt = "\"shared\"", .doc = "shared by tenants, or dedicated to one at a time."},
};
static const uint16_t order_18[] = {1, 0};
static const uint16_t wire_18[] = {0, 1};
static const Field fields_19[] = { /* io.hostplane.tenancy.v1.NodePoolStatus */
    {.name = "tenant", .kind = FIELD_STRING, .protobuf = 2, .doc = "Of a dedicated pool, the tenant that has it."},
};
static const uint16_t order_19[] = {0};
static const uint16_t wire_19[] = {0};
static const Field fields_20[] = { /* io.hostplane.tenancy.v1.Plan */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[22], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[23], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_20[] = {1, 0, 2, 3, 4};
static const uint16_t wire_20[] = {2, 3, 4};
static const Field fields_21[] = { /* io.hostplane.tenancy.v1.PlanRateLimits */
    {.name = "requestsPerSecond", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR, .doc = "Requests a second."},
    {.name = "burst", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR, .doc = "Requests at once."},
    {.name = "watches", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR, .doc = "Watches that are open."},
    {.name = "concurrentRequests", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_PTR, .doc = "Requests that are answered at a time."},
    {.name = "streams", .kind = FIELD_INT32, .protobuf = 5, .flags = FIELD_PTR, .doc = "Open exec, attach, port-forward, proxy and log streams."},
};
static const uint16_t order_21[] = {1, 3, 0, 4, 2};
static const uint16_t wire_21[] = {0, 1, 2, 3, 4};
static const Field fields_22[] = { /* io.hostplane.tenancy.v1.PlanSpec */
    {.name = "isolation", .kind = FIELD_STRING, .protobuf = 1, .enums = list_2, .deflt = "\"virtual\"", .doc = "namespace, virtual, dedicated or hybrid."},
    {.name = "limits", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 2, .doc = "The most that a tenant may hold and use, by name as in quotas."},
    {.name = "nodePools", .kind = FIELD_LIST, .elem = &elem_0, .list_type = LIST_SET, .protobuf = 3, .doc = "Pools whose nodes the tenants use; without any, all nodes that are in no dedicated pool."},
    {.name = "nodeView", .kind = FIELD_STRING, .protobuf = 4, .enums = list_3, .deflt = "\"masked\"", .doc = "How much of the nodes shows - full, masked or none."},
    {.name = "rateLimits", .kind = FIELD_OBJECT, .type = &gen_types[21], .protobuf = 5, .flags = FIELD_PTR, .doc = "How much a tenant may ask."},
    {.name = "weight", .kind = FIELD_INT32, .protobuf = 6, .flags = FIELD_PTR, .deflt = "1", .doc = "Share of what is scarce."},
    {.name = "podSecurityFloor", .kind = FIELD_STRING, .protobuf = 7, .enums = list_4, .deflt = "\"privileged\"", .doc = "Level of pod security that tenants cannot go below."},
    {.name = "retention", .kind = FIELD_DURATION, .protobuf = 8, .flags = FIELD_PTR, .doc = "How long the history of a cluster is kept, so that watches can be resumed; the server says how long when empty, and at most."},
    {.name = "storageClasses", .kind = FIELD_LIST, .elem = &elem_0, .list_type = LIST_SET, .protobuf = 9, .doc = "Names of the storage classes that claims may have; any when empty."},
    {.name = "runtimeHandlers", .kind = FIELD_LIST, .elem = &elem_0, .list_type = LIST_SET, .protobuf = 10, .doc = "Handlers that runtime classes may have; when given, every pod must name a runtime class."},
    {.name = "cluster", .kind = FIELD_STRING, .protobuf = 11, .doc = "Tenant in whose cluster the namespaces of tenants of isolation namespace are."},
    {.name = "externalSecrets", .kind = FIELD_BOOL, .protobuf = 21, .doc = "Whether tenants have SecretStores and ExternalSecrets, which the server syncs."},
    {.name = "externalAddresses", .kind = FIELD_LIST, .elem = &elem_0, .list_type = LIST_SET, .protobuf = 12, .doc = "Addresses and ranges that services may have towards the outside of the nodes; none when empty."},
    {.name = "keyProvider", .kind = FIELD_STRING, .protobuf = 20, .doc = "Who wraps the data keys of tenants that name no key provider; the server's default when empty."},
    {.name = "encryptedResources", .kind = FIELD_LIST, .elem = &elem_0, .list_type = LIST_SET, .protobuf = 22, .doc = "What is encrypted in the database beside Secrets: RESOURCE, RESOURCE.GROUP, *.GROUP, or * for everything."},
    {.name = "audit", .kind = FIELD_OBJECT, .type = &gen_types[7], .protobuf = 13, .flags = FIELD_PTR, .doc = "What is recorded of the tenants' requests whatever they say themselves."},
    {.name = "auditBytes", .kind = FIELD_QUANTITY, .protobuf = 14, .flags = FIELD_PTR, .doc = "How many bytes the audit log of a tenant may have before its own policies record nothing more; 1Gi when it is not given."},
};
static const uint16_t order_22[] = {15, 16, 10, 14, 12, 11, 0, 13, 1, 2, 3, 6, 4, 7, 9, 8, 5};
static const uint16_t wire_22[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 13, 11, 14};
static const Field fields_23[] = { /* io.hostplane.tenancy.v1.PlanStatus */
    {.name = "tenants", .kind = FIELD_INT32, .protobuf = 1, .doc = "How many tenants have it; not filled in."},
};
static const uint16_t order_23[] = {0};
static const uint16_t wire_23[] = {0};
static const Field fields_24[] = { /* io.hostplane.tenancy.v1.PrefixedClaimOrExpression */
    {.name = "claim", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the claim."},
    {.name = "prefix", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR, .doc = "What is put before it."},
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 3, .doc = "Expression of CEL, of `claims`."},
};
static const uint16_t order_24[] = {0, 2, 1};
static const uint16_t wire_24[] = {0, 1, 2};
static const Field fields_25[] = { /* io.hostplane.tenancy.v1.Tenant */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[46], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[47], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_25[] = {1, 0, 2, 3, 4};
static const uint16_t wire_25[] = {2, 3, 4};
static const Field fields_26[] = { /* io.hostplane.tenancy.v1.TenantAccess */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[28], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[29], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_26[] = {1, 0, 2, 3, 4};
static const uint16_t wire_26[] = {2, 3, 4};
static const Field fields_27[] = { /* io.hostplane.tenancy.v1.TenantAccessRecord */
    {.name = "user", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED, .doc = "Who."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED, .doc = "What for."},
    {.name = "since", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_REQUIRED, .doc = "From when."},
    {.name = "until", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_REQUIRED, .doc = "Until when."},
};
static const uint16_t order_27[] = {1, 2, 3, 0};
static const uint16_t wire_27[] = {0, 1, 2, 3};
static const Field fields_28[] = { /* io.hostplane.tenancy.v1.TenantAccessSpec */
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 1, .doc = "What the tenant is told."},
    {.name = "lifetimeSeconds", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_PTR, .deflt = "3600", .doc = "For how long, an hour at most."},
};
static const uint16_t order_28[] = {1, 0};
static const uint16_t wire_28[] = {0, 1};
static const Field fields_29[] = { /* io.hostplane.tenancy.v1.TenantAccessStatus */
    {.name = "kubeconfig", .kind = FIELD_STRING, .protobuf = 1, .doc = "Its text."},
    {.name = "expirationTimestamp", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_PTR, .doc = "When it ends."},
};
static const uint16_t order_29[] = {1, 0};
static const uint16_t wire_29[] = {0, 1};
static const Field fields_30[] = { /* io.hostplane.tenancy.v1.TenantAdmin */
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 1, .enums = list_5, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "User or Group."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The name."},
};
static const uint16_t order_30[] = {0, 1};
static const uint16_t wire_30[] = {0, 1};
static const Field fields_31[] = { /* io.hostplane.tenancy.v1.TenantAuthentication */
    {.name = "jwt", .kind = FIELD_LIST, .elem = &elem_9, .protobuf = 1, .flags = FIELD_MAP_ATOMIC, .doc = "The issuers, as jwt of AuthenticationConfiguration has them."},
    {.name = "anonymous", .kind = FIELD_OBJECT, .type = &gen_types[10], .protobuf = 2, .flags = FIELD_PTR, .doc = "Who needs no credentials, as anonymous of AuthenticationConfiguration has it; everybody, when it is not given."},
};
static const uint16_t order_31[] = {1, 0};
static const uint16_t wire_31[] = {0, 1};
static const Field fields_32[] = { /* io.hostplane.tenancy.v1.TenantGroup */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[33], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[34], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_32[] = {1, 0, 2, 3, 4};
static const uint16_t wire_32[] = {2, 3, 4};
static const Field fields_33[] = { /* io.hostplane.tenancy.v1.TenantGroupSpec */
    {.name = "parent", .kind = FIELD_STRING, .protobuf = 1, .doc = "The group that this one is in."},
    {.name = "displayName", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name for people."},
    {.name = "limits", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 3, .doc = "The most that all of them may hold and use."},
};
static const uint16_t order_33[] = {1, 2, 0};
static const uint16_t wire_33[] = {0, 1, 2};
static const Field fields_34[] = { /* io.hostplane.tenancy.v1.TenantGroupStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 1, .doc = "The metadata.generation that this status belongs to."},
};
static const uint16_t order_34[] = {0};
static const uint16_t wire_34[] = {0};
static const Field fields_35[] = { /* io.hostplane.tenancy.v1.TenantHistory */
    {.name = "retention", .kind = FIELD_DURATION, .protobuf = 1, .doc = "How long it is kept."},
    {.name = "oldestRevision", .kind = FIELD_INT64, .protobuf = 2, .doc = "The oldest revision from which a watch can be resumed."},
};
static const uint16_t order_35[] = {1, 0};
static const uint16_t wire_35[] = {0, 1};
static const Field fields_36[] = { /* io.hostplane.tenancy.v1.TenantKubeconfig */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[37], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[38], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_36[] = {1, 0, 2, 3, 4};
static const uint16_t wire_36[] = {2, 3, 4};
static const Field fields_37[] = { /* io.hostplane.tenancy.v1.TenantKubeconfigSpec */
    {.name = "credential", .kind = FIELD_STRING, .protobuf = 1, .enums = list_6, .deflt = "\"certificate\"", .doc = "certificate or token."},
    {.name = "lifetimeSeconds", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_PTR, .deflt = "86400", .doc = "How long the credential is good."},
    {.name = "user", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name of the user; admin when empty."},
    {.name = "groups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Groups of the user."},
    {.name = "role", .kind = FIELD_STRING, .protobuf = 5, .doc = "A ClusterRole of the tenant that the user is to have; a ClusterRoleBinding for it is made if there is none."},
};
static const uint16_t order_37[] = {0, 3, 1, 4, 2};
static const uint16_t wire_37[] = {0, 1, 2, 3, 4};
static const Field fields_38[] = { /* io.hostplane.tenancy.v1.TenantKubeconfigStatus */
    {.name = "kubeconfig", .kind = FIELD_STRING, .protobuf = 1, .doc = "Its text."},
    {.name = "expirationTimestamp", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_PTR, .doc = "When the credential expires."},
};
static const uint16_t order_38[] = {1, 0};
static const uint16_t wire_38[] = {0, 1};
static const Field fields_39[] = { /* io.hostplane.tenancy.v1.TenantMove */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[41], .protobuf = 2, .doc = "The step."},
};
static const uint16_t order_39[] = {1, 0, 2, 3};
static const uint16_t wire_39[] = {2, 3};
static const Field fields_40[] = { /* io.hostplane.tenancy.v1.TenantMoveRetry */
    {.name = "failures", .kind = FIELD_INT64, .protobuf = 1, .doc = "How often one was in a row."},
    {.name = "after", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_PTR, .doc = "Not before it is tried again."},
};
static const uint16_t order_40[] = {1, 0};
static const uint16_t wire_40[] = {0, 1};
static const Field fields_41[] = { /* io.hostplane.tenancy.v1.TenantMoveStatus */
    {.name = "stage", .kind = FIELD_STRING, .protobuf = 1, .doc = "Copying, then Clearing."},
    {.name = "isolation", .kind = FIELD_STRING, .protobuf = 2, .doc = "The mode that it goes to."},
    {.name = "cluster", .kind = FIELD_STRING, .protobuf = 3, .doc = "The tenant from or to whose cluster its namespaces go."},
    {.name = "since", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_PTR, .doc = "When the stage began."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "What was done."},
    {.name = "count", .kind = FIELD_INT64, .protobuf = 6, .doc = "How many objects."},
};
static const uint16_t order_41[] = {2, 5, 1, 4, 3, 0};
static const uint16_t wire_41[] = {0, 1, 2, 3, 4, 5};
static const Field fields_42[] = { /* io.hostplane.tenancy.v1.TenantOverrides */
    {.name = "limits", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 1, .doc = "Limits in place of those of the plan."},
    {.name = "externalSecrets", .kind = FIELD_BOOL, .protobuf = 21, .flags = FIELD_PTR, .doc = "Whether it has SecretStores and ExternalSecrets."},
    {.name = "rateLimits", .kind = FIELD_OBJECT, .type = &gen_types[21], .protobuf = 2, .flags = FIELD_PTR, .doc = "Rates in place of those of the plan."},
    {.name = "nodePools", .kind = FIELD_LIST, .elem = &elem_0, .list_type = LIST_SET, .protobuf = 3, .doc = "Pools in place of those of the plan."},
    {.name = "externalAddresses", .kind = FIELD_LIST, .elem = &elem_0, .list_type = LIST_SET, .protobuf = 4, .doc = "Addresses and ranges in place of those of the plan."},
    {.name = "auditBytes", .kind = FIELD_QUANTITY, .protobuf = 5, .flags = FIELD_PTR, .doc = "Bytes of its audit log in place of those of the plan."},
};
static const uint16_t order_42[] = {5, 4, 1, 0, 3, 2};
static const uint16_t wire_42[] = {0, 2, 3, 4, 5, 1};
static const Field fields_43[] = { /* io.hostplane.tenancy.v1.TenantRevocation */
    {.name = "before", .kind = FIELD_TIME, .protobuf = 1, .flags = FIELD_REQUIRED, .doc = "Issued up to this time."},
    {.name = "user", .kind = FIELD_STRING, .protobuf = 2, .doc = "Of this user only; of everybody when empty."},
    {.name = "serviceAccounts", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Tokens of service accounts too."},
};
static const uint16_t order_43[] = {0, 2, 1};
static const uint16_t wire_43[] = {0, 1, 2};
static const Field fields_44[] = { /* io.hostplane.tenancy.v1.TenantRevoke */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[45], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_44[] = {1, 0, 2, 3};
static const uint16_t wire_44[] = {2, 3};
static const Field fields_45[] = { /* io.hostplane.tenancy.v1.TenantRevokeSpec */
    {.name = "user", .kind = FIELD_STRING, .protobuf = 1, .doc = "Of this user only; of everybody when empty."},
    {.name = "serviceAccounts", .kind = FIELD_BOOL, .protobuf = 2, .doc = "Tokens of service accounts too."},
};
static const uint16_t order_45[] = {1, 0};
static const uint16_t wire_45[] = {0, 1};
static const Field fields_46[] = { /* io.hostplane.tenancy.v1.TenantSpec */
    {.name = "plan", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of its plan."},
    {.name = "displayName", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name for people."},
    {.name = "isolation", .kind = FIELD_STRING, .protobuf = 3, .enums = list_2, .doc = "Isolation in place of the plan's."},
    {.name = "state", .kind = FIELD_STRING, .protobuf = 4, .enums = list_7, .deflt = "\"Active\"", .doc = "Active, or Suspended: pods are stopped and nothing can be changed."},
    {.name = "overrides", .kind = FIELD_OBJECT, .type = &gen_types[42], .protobuf = 5, .flags = FIELD_PTR, .doc = "Where it differs from its plan."},
    {.name = "admins", .kind = FIELD_LIST, .elem = &elem_10, .protobuf = 6, .doc = "Who administers it."},
    {.name = "deletionProtection", .kind = FIELD_BOOL, .protobuf = 7, .doc = "Whether deleting it is refused."},
    {.name = "labels", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 8, .doc = "Labels for the provider's own use."},
    {.name = "cluster", .kind = FIELD_STRING, .protobuf = 9, .doc = "Of isolation namespace, the tenant in whose cluster its namespaces are."},
    {.name = "shared", .kind = FIELD_BOOL, .protobuf = 10, .doc = "Whether other tenants may have namespaces in its cluster."},
    {.name = "group", .kind = FIELD_STRING, .protobuf = 11, .doc = "The group whose limits count too."},
    {.name = "cloneFrom", .kind = FIELD_STRING, .protobuf = 12, .doc = "The tenant whose objects it begins with; it stays what it was."},
    {.name = "authentication", .kind = FIELD_OBJECT, .type = &gen_types[31], .protobuf = 13, .flags = FIELD_PTR, .doc = "Whose tokens it accepts besides its own."},
    {.name = "keyProvider", .kind = FIELD_STRING, .protobuf = 20, .doc = "Who wraps its data key. When that provider does not unwrap it any more, nothing of the tenant can be read."},
};
static const uint16_t order_46[] = {5, 12, 11, 8, 6, 1, 10, 2, 13, 7, 4, 0, 9, 3};
static const uint16_t wire_46[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
static const Field fields_47[] = { /* io.hostplane.tenancy.v1.TenantStatus */
    {.name = "phase", .kind = FIELD_STRING, .protobuf = 1, .doc = "Ready, Suspended or Terminating."},
    {.name = "endpoint", .kind = FIELD_STRING, .protobuf = 2, .doc = "Address of its API server."},
    {.name = "uid", .kind = FIELD_STRING, .protobuf = 3, .doc = "Identity of its cluster."},
    {.name = "observedPlan", .kind = FIELD_STRING, .protobuf = 4, .doc = "The plan that is in force."},
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 5, .doc = "The metadata.generation that this status belongs to."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_3, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .protobuf = 6, .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
    {.name = "revocations", .kind = FIELD_LIST, .elem = &elem_11, .protobuf = 8, .doc = "Credentials that were taken back."},
    {.name = "accesses", .kind = FIELD_LIST, .elem = &elem_12, .protobuf = 9, .doc = "Who of the provider was let in, and why."},
    {.name = "keyProvider", .kind = FIELD_STRING, .protobuf = 20, .doc = "Who wraps its data key; the server's default when empty."},
    {.name = "encryptedResources", .kind = FIELD_LIST, .elem = &elem_0, .list_type = LIST_SET, .protobuf = 21, .doc = "What is encrypted in the database beside Secrets."},
    {.name = "isolation", .kind = FIELD_STRING, .protobuf = 22, .doc = "The isolation that is in force."},
    {.name = "cluster", .kind = FIELD_STRING, .protobuf = 23, .doc = "Of isolation namespace, the tenant in whose cluster its namespaces are."},
    {.name = "move", .kind = FIELD_OBJECT, .type = &gen_types[41], .protobuf = 24, .flags = FIELD_PTR, .doc = "The way to another isolation mode; empty when it is not on any."},
    {.name = "sinceRevision", .kind = FIELD_INT64, .protobuf = 25, .doc = "The revision where its objects are when they came there; versions before are of another place."},
    {.name = "moveRetry", .kind = FIELD_OBJECT, .type = &gen_types[40], .protobuf = 26, .flags = FIELD_PTR, .doc = "When a move that was given up in the middle is tried again."},
};
static const uint16_t order_47[] = {7, 11, 5, 9, 1, 10, 8, 12, 14, 4, 3, 0, 6, 13, 2};
static const uint16_t wire_47[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
static const Field fields_48[] = { /* io.hostplane.tenancy.v1.TenantUsage */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[49], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_48[] = {1, 0, 2, 3};
static const uint16_t wire_48[] = {2, 3};
static const Field fields_49[] = { /* io.hostplane.tenancy.v1.TenantUsageStatus */
    {.name = "observedAt", .kind = FIELD_TIME, .protobuf = 1, .flags = FIELD_PTR, .doc = "When it was measured."},
    {.name = "used", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 2, .doc = "What it holds and uses."},
    {.name = "limits", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 3, .doc = "The most that it may."},
    {.name = "accesses", .kind = FIELD_LIST, .elem = &elem_12, .protobuf = 4, .doc = "Who of the provider was let in, and why."},
    {.name = "history", .kind = FIELD_OBJECT, .type = &gen_types[35], .protobuf = 5, .flags = FIELD_PTR, .doc = "How far back watches can be resumed."},
};
static const uint16_t order_49[] = {3, 4, 2, 0, 1};
static const uint16_t wire_49[] = {0, 1, 2, 3, 4};
static const Field fields_50[] = { /* io.hostplane.tenancy.v1.UserValidationRule */
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Expression of CEL, of `user`, that must be true."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 2, .doc = "What is said when it is not."},
};
static const uint16_t order_50[] = {0, 1};
static const uint16_t wire_50[] = {0, 1};
static const Field fields_51[] = { /* io.k8s.api.admissionregistration.v1.ApplyConfiguration */
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 1, .doc = "CEL expression that makes it."},
};
static const uint16_t order_51[] = {0};
static const uint16_t wire_51[] = {0};
static const Field fields_52[] = { /* io.k8s.api.admissionregistration.v1.AuditAnnotation */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "valueExpression", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "CEL expression of its value."},
};
static const uint16_t order_52[] = {0, 1};
static const uint16_t wire_52[] = {0, 1};
static const Field fields_53[] = { /* io.k8s.api.admissionregistration.v1.ExpressionWarning */
    {.name = "fieldRef", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "warning", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_53[] = {0, 1};
static const uint16_t wire_53[] = {0, 1};
static const Field fields_54[] = { /* io.k8s.api.admissionregistration.v1.JSONPatch */
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 1, .doc = "CEL expression that makes it."},
};
static const uint16_t order_54[] = {0};
static const uint16_t wire_54[] = {0};
static const Field fields_55[] = { /* io.k8s.api.admissionregistration.v1.MatchCondition */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The expression."},
};
static const uint16_t order_55[] = {1, 0};
static const uint16_t wire_55[] = {0, 1};
static const Field fields_56[] = { /* io.k8s.api.admissionregistration.v1.MatchResources */
    {.name = "namespaceSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 1, .flags = FIELD_PTR, .deflt = "{}", .doc = "Chooses namespaces by their labels."},
    {.name = "objectSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 2, .flags = FIELD_PTR, .deflt = "{}", .doc = "Chooses objects by their labels."},
    {.name = "resourceRules", .kind = FIELD_LIST, .elem = &elem_13, .protobuf = 3, .doc = "Resources and operations that it is about."},
    {.name = "excludeResourceRules", .kind = FIELD_LIST, .elem = &elem_13, .protobuf = 4, .doc = "Resources and operations that it is not about."},
    {.name = "matchPolicy", .kind = FIELD_STRING, .go_type = "v1.MatchPolicyType", .protobuf = 7, .flags = FIELD_PTR, .deflt = "\"Equivalent\"", .doc = "Exact, or Equivalent to count other versions of the resource too."},
};
static const uint16_t order_56[] = {3, 4, 0, 1, 2};
static const uint16_t wire_56[] = {0, 1, 2, 3, 4};
static const Field fields_57[] = { /* io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[60], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_57[] = {1, 0, 2, 3};
static const uint16_t wire_57[] = {2, 3};
static const Field fields_58[] = { /* io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[59], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_58[] = {1, 0, 2, 3};
static const uint16_t wire_58[] = {2, 3};
static const Field fields_59[] = { /* io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec */
    {.name = "policyName", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "paramRef", .kind = FIELD_OBJECT, .type = &gen_types[66], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "matchResources", .kind = FIELD_OBJECT, .type = &gen_types[56], .protobuf = 3, .flags = FIELD_PTR},
};
static const uint16_t order_59[] = {2, 1, 0};
static const uint16_t wire_59[] = {0, 1, 2};
static const Field fields_60[] = { /* io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec */
    {.name = "paramKind", .kind = FIELD_OBJECT, .type = &gen_types[65], .protobuf = 1, .flags = FIELD_PTR},
    {.name = "matchConstraints", .kind = FIELD_OBJECT, .type = &gen_types[56], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "variables", .kind = FIELD_LIST, .elem = &elem_14, .go_type = "[]v1.Variable", .protobuf = 3},
    {.name = "mutations", .kind = FIELD_LIST, .elem = &elem_15, .go_type = "[]v1.Mutation", .protobuf = 4},
    {.name = "failurePolicy", .kind = FIELD_STRING, .go_type = "v1.FailurePolicyType", .protobuf = 5, .flags = FIELD_PTR, .deflt = "\"Fail\""},
    {.name = "matchConditions", .kind = FIELD_LIST, .elem = &elem_16, .go_type = "[]v1.MatchCondition", .protobuf = 6, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE},
    {.name = "reinvocationPolicy", .kind = FIELD_STRING, .go_type = "v1.ReinvocationPolicyType", .protobuf = 7},
};
static const uint16_t order_60[] = {4, 5, 1, 3, 0, 6, 2};
static const uint16_t wire_60[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_61[] = { /* io.k8s.api.admissionregistration.v1.MutatingWebhook */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name, such as check.shop.example."},
    {.name = "clientConfig", .kind = FIELD_OBJECT, .type = &gen_types[79], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How it is called."},
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_17, .protobuf = 3, .doc = "Resources and operations that it is asked about."},
    {.name = "failurePolicy", .kind = FIELD_STRING, .go_type = "v1.FailurePolicyType", .protobuf = 4, .flags = FIELD_PTR, .deflt = "\"Fail\"", .doc = "What happens when it cannot be asked - Fail or Ignore."},
    {.name = "matchPolicy", .kind = FIELD_STRING, .go_type = "v1.MatchPolicyType", .protobuf = 9, .flags = FIELD_PTR, .deflt = "\"Equivalent\"", .doc = "Exact, or Equivalent to be asked about other versions of the resource too."},
    {.name = "namespaceSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 5, .flags = FIELD_PTR, .deflt = "{}", .doc = "Chooses namespaces by their labels."},
    {.name = "objectSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 11, .flags = FIELD_PTR, .deflt = "{}", .doc = "Chooses objects by their labels."},
    {.name = "sideEffects", .kind = FIELD_STRING, .go_type = "v1.SideEffectClass", .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS, .doc = "Whether asking changes something elsewhere - None or NoneOnDryRun."},
    {.name = "timeoutSeconds", .kind = FIELD_INT32, .protobuf = 7, .flags = FIELD_PTR, .deflt = "10", .doc = "Seconds to wait for it; 10 by default."},
    {.name = "admissionReviewVersions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 8, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Versions of the calls that it understands."},
    {.name = "reinvocationPolicy", .kind = FIELD_STRING, .go_type = "v1.ReinvocationPolicyType", .protobuf = 10, .flags = FIELD_PTR, .deflt = "\"Never\"", .doc = "Never, or IfNeeded to ask again when others changed the object."},
    {.name = "matchConditions", .kind = FIELD_LIST, .elem = &elem_18, .protobuf = 12, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Conditions in CEL on the requests."},
};
static const uint16_t order_61[] = {9, 1, 3, 11, 4, 0, 5, 6, 10, 2, 7, 8};
static const uint16_t wire_61[] = {0, 1, 2, 3, 5, 7, 8, 9, 4, 10, 6, 11};
static const Field fields_62[] = { /* io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "webhooks", .kind = FIELD_LIST, .elem = &elem_19, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "The webhooks."},
};
static const uint16_t order_62[] = {1, 0, 2, 3};
static const uint16_t wire_62[] = {2, 3};
static const Field fields_63[] = { /* io.k8s.api.admissionregistration.v1.Mutation */
    {.name = "patchType", .kind = FIELD_STRING, .go_type = "v1.PatchType", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "applyConfiguration", .kind = FIELD_OBJECT, .type = &gen_types[51], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "jsonPatch", .kind = FIELD_OBJECT, .type = &gen_types[54], .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_63[] = {1, 2, 0};
static const uint16_t wire_63[] = {0, 1, 2};
static const Field fields_64[] = { /* io.k8s.api.admissionregistration.v1.NamedRuleWithOperations */
    {.name = "resourceNames", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .doc = "Names of single objects; all when empty."},
    {.name = "operations", .kind = FIELD_LIST, .elem = &elem_20, .go_type = "[]v1.OperationType", .protobuf = 2 << 16 | 1, .flags = FIELD_INLINE, .doc = "CREATE, UPDATE, DELETE, CONNECT or *."},
    {.name = "apiGroups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2 << 16 | 2 << 24 | 1, .flags = FIELD_INLINE, .doc = "Groups of the resources; * is every one."},
    {.name = "apiVersions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2 << 16 | 2 << 24 | 2, .flags = FIELD_INLINE, .doc = "Versions of the resources; * is every one."},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2 << 16 | 2 << 24 | 3, .flags = FIELD_INLINE, .doc = "Resources and subresources, such as pods or pods/*."},
    {.name = "scope", .kind = FIELD_STRING, .go_type = "v1.ScopeType", .protobuf = 2 << 16 | 2 << 24 | 4, .flags = FIELD_PTR | FIELD_INLINE, .deflt = "\"*\"", .doc = "Cluster, Namespaced or *."},
};
static const uint16_t order_64[] = {2, 3, 1, 0, 4, 5};
static const uint16_t wire_64[] = {0, 1, 2, 3, 4, 5};
static const Field fields_65[] = { /* io.k8s.api.admissionregistration.v1.ParamKind */
    {.name = "apiVersion", .kind = FIELD_STRING, .protobuf = 1, .doc = "Group and version."},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 2, .doc = "The kind."},
};
static const uint16_t order_65[] = {0, 1};
static const uint16_t wire_65[] = {0, 1};
static const Field fields_66[] = { /* io.k8s.api.admissionregistration.v1.ParamRef */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the object."},
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 2, .doc = "Its namespace."},
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 3, .flags = FIELD_PTR, .doc = "Chooses objects by labels instead."},
    {.name = "parameterNotFoundAction", .kind = FIELD_STRING, .go_type = "v1.ParameterNotFoundActionType", .protobuf = 4, .flags = FIELD_PTR, .doc = "When there are none - Allow or Deny."},
};
static const uint16_t order_66[] = {0, 1, 3, 2};
static const uint16_t wire_66[] = {0, 1, 2, 3};
static const Field fields_67[] = { /* io.k8s.api.admissionregistration.v1.RuleWithOperations */
    {.name = "operations", .kind = FIELD_LIST, .elem = &elem_20, .go_type = "[]v1.OperationType", .protobuf = 1, .doc = "CREATE, UPDATE, DELETE, CONNECT or *."},
    {.name = "apiGroups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2 << 16 | 1, .flags = FIELD_INLINE, .doc = "Groups of the resources; * is every one."},
    {.name = "apiVersions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2 << 16 | 2, .flags = FIELD_INLINE, .doc = "Versions of the resources; * is every one."},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2 << 16 | 3, .flags = FIELD_INLINE, .doc = "Resources and subresources, such as pods or pods/*."},
    {.name = "scope", .kind = FIELD_STRING, .go_type = "v1.ScopeType", .protobuf = 2 << 16 | 4, .flags = FIELD_PTR | FIELD_INLINE, .deflt = "\"*\"", .doc = "Cluster, Namespaced or *."},
};
static const uint16_t order_67[] = {1, 2, 0, 3, 4};
static const uint16_t wire_67[] = {0, 1, 2, 3, 4};
static const Field fields_68[] = { /* io.k8s.api.admissionregistration.v1.ServiceReference */
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its namespace."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR, .doc = "Path of the calls."},
    {.name = "port", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_PTR, .deflt = "443", .doc = "Its port; 443 when absent."},
};
static const uint16_t order_68[] = {1, 0, 2, 3};
static const uint16_t wire_68[] = {0, 1, 2, 3};
static const Field fields_69[] = { /* io.k8s.api.admissionregistration.v1.TypeChecking */
    {.name = "expressionWarnings", .kind = FIELD_LIST, .elem = &elem_21, .protobuf = 1},
};
static const uint16_t order_69[] = {0};
static const uint16_t wire_69[] = {0};
static const Field fields_70[] = { /* io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[73], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[74], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_70[] = {1, 0, 2, 3, 4};
static const uint16_t wire_70[] = {2, 3, 4};
static const Field fields_71[] = { /* io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[72], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_71[] = {1, 0, 2, 3};
static const uint16_t wire_71[] = {2, 3};
static const Field fields_72[] = { /* io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec */
    {.name = "policyName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED, .doc = "The policy."},
    {.name = "paramRef", .kind = FIELD_OBJECT, .type = &gen_types[66], .protobuf = 2, .flags = FIELD_PTR, .doc = "Its settings."},
    {.name = "matchResources", .kind = FIELD_OBJECT, .type = &gen_types[56], .protobuf = 3, .flags = FIELD_PTR, .doc = "Requests that it is about."},
    {.name = "validationActions", .kind = FIELD_LIST, .elem = &elem_22, .go_type = "[]v1.ValidationAction", .protobuf = 4, .list_type = LIST_SET, .flags = FIELD_REQUIRED, .doc = "What a failure does - Deny, Warn, Audit."},
};
static const uint16_t order_72[] = {2, 1, 0, 3};
static const uint16_t wire_72[] = {0, 1, 2, 3};
static const Field fields_73[] = { /* io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec */
    {.name = "paramKind", .kind = FIELD_OBJECT, .type = &gen_types[65], .protobuf = 1, .flags = FIELD_PTR, .doc = "Kind of its settings."},
    {.name = "matchConstraints", .kind = FIELD_OBJECT, .type = &gen_types[56], .protobuf = 2, .flags = FIELD_PTR, .doc = "Requests that it is about."},
    {.name = "validations", .kind = FIELD_LIST, .elem = &elem_23, .protobuf = 3, .doc = "The rules."},
    {.name = "failurePolicy", .kind = FIELD_STRING, .go_type = "v1.FailurePolicyType", .protobuf = 4, .flags = FIELD_PTR, .deflt = "\"Fail\"", .doc = "What an error of a rule does - Fail or Ignore."},
    {.name = "auditAnnotations", .kind = FIELD_LIST, .elem = &elem_24, .protobuf = 5, .doc = "Entries of the audit log."},
    {.name = "matchConditions", .kind = FIELD_LIST, .elem = &elem_18, .protobuf = 6, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Conditions in CEL on the requests."},
    {.name = "variables", .kind = FIELD_LIST, .elem = &elem_25, .protobuf = 7, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Names for expressions that the rules use."},
};
static const uint16_t order_73[] = {4, 3, 5, 1, 0, 2, 6};
static const uint16_t wire_73[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_74[] = { /* io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 1, .doc = "The metadata.generation that this status belongs to."},
    {.name = "typeChecking", .kind = FIELD_OBJECT, .type = &gen_types[69], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_3, .protobuf = 3, .list_type = LIST_MAP, .list_map_keys = list_0, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_74[] = {2, 0, 1};
static const uint16_t wire_74[] = {0, 1, 2};
static const Field fields_75[] = { /* io.k8s.api.admissionregistration.v1.ValidatingWebhook */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name, such as check.shop.example."},
    {.name = "clientConfig", .kind = FIELD_OBJECT, .type = &gen_types[79], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How it is called."},
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_17, .protobuf = 3, .doc = "Resources and operations that it is asked about."},
    {.name = "failurePolicy", .kind = FIELD_STRING, .go_type = "v1.FailurePolicyType", .protobuf = 4, .flags = FIELD_PTR, .deflt = "\"Fail\"", .doc = "What happens when it cannot be asked - Fail or Ignore."},
    {.name = "matchPolicy", .kind = FIELD_STRING, .go_type = "v1.MatchPolicyType", .protobuf = 9, .flags = FIELD_PTR, .deflt = "\"Equivalent\"", .doc = "Exact, or Equivalent to be asked about other versions of the resource too."},
    {.name = "namespaceSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 5, .flags = FIELD_PTR, .deflt = "{}", .doc = "Chooses namespaces by their labels."},
    {.name = "objectSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 10, .flags = FIELD_PTR, .deflt = "{}", .doc = "Chooses objects by their labels."},
    {.name = "sideEffects", .kind = FIELD_STRING, .go_type = "v1.SideEffectClass", .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS, .doc = "Whether asking changes something elsewhere - None or NoneOnDryRun."},
    {.name = "timeoutSeconds", .kind = FIELD_INT32, .protobuf = 7, .flags = FIELD_PTR, .deflt = "10", .doc = "Seconds to wait for it; 10 by default."},
    {.name = "admissionReviewVersions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 8, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Versions of the calls that it understands."},
    {.name = "matchConditions", .kind = FIELD_LIST, .elem = &elem_18, .protobuf = 11, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Conditions in CEL on the requests."},
};
static const uint16_t order_75[] = {9, 1, 3, 10, 4, 0, 5, 6, 2, 7, 8};
static const uint16_t wire_75[] = {0, 1, 2, 3, 5, 7, 8, 9, 4, 6, 10};
static const Field fields_76[] = { /* io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "webhooks", .kind = FIELD_LIST, .elem = &elem_26, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "The webhooks."},
};
static const uint16_t order_76[] = {1, 0, 2, 3};
static const uint16_t wire_76[] = {2, 3};
static const Field fields_77[] = { /* io.k8s.api.admissionregistration.v1.Validation */
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "CEL expression that must be true."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 2, .doc = "What is said when it is not."},
    {.name = "reason", .kind = FIELD_STRING, .go_type = "v1.StatusReason", .protobuf = 3, .flags = FIELD_PTR, .doc = "Reason of the failure."},
    {.name = "messageExpression", .kind = FIELD_STRING, .protobuf = 4, .doc = "CEL expression that makes the message."},
};
static const uint16_t order_77[] = {0, 1, 3, 2};
static const uint16_t wire_77[] = {0, 1, 2, 3};
static const Field fields_78[] = { /* io.k8s.api.admissionregistration.v1.Variable */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The name."},
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The expression."},
};
static const uint16_t order_78[] = {1, 0};
static const uint16_t wire_78[] = {0, 1};
static const Field fields_79[] = { /* io.k8s.api.admissionregistration.v1.WebhookClientConfig */
    {.name = "url", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR, .doc = "Its address."},
    {.name = "service", .kind = FIELD_OBJECT, .type = &gen_types[68], .protobuf = 1, .flags = FIELD_PTR, .doc = "Its service."},
    {.name = "caBundle", .kind = FIELD_BYTES, .protobuf = 2, .doc = "Certificates that it is trusted by."},
};
static const uint16_t order_79[] = {2, 1, 0};
static const uint16_t wire_79[] = {1, 2, 0};
static const Field fields_80[] = { /* io.k8s.api.apidiscovery.v2.APIGroupDiscovery */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "versions", .kind = FIELD_LIST, .elem = &elem_27, .protobuf = 2},
};
static const uint16_t order_80[] = {1, 0, 2, 3};
static const uint16_t wire_80[] = {2, 3};
static const Field fields_81[] = { /* io.k8s.api.apidiscovery.v2.APIResourceDiscovery */
    {.name = "resource", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "responseKind", .kind = FIELD_OBJECT, .type = &gen_types[549], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "scope", .kind = FIELD_STRING, .go_type = "v2.ResourceScope", .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "singularResource", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "shortNames", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 6},
    {.name = "categories", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 7},
    {.name = "subresources", .kind = FIELD_LIST, .elem = &elem_28, .protobuf = 8},
};
static const uint16_t order_81[] = {6, 0, 1, 2, 5, 3, 7, 4};
static const uint16_t wire_81[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_82[] = { /* io.k8s.api.apidiscovery.v2.APISubresourceDiscovery */
    {.name = "subresource", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "responseKind", .kind = FIELD_OBJECT, .type = &gen_types[549], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "acceptedTypes", .kind = FIELD_LIST, .elem = &elem_29, .protobuf = 3},
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_82[] = {2, 1, 0, 3};
static const uint16_t wire_82[] = {0, 1, 2, 3};
static const Field fields_83[] = { /* io.k8s.api.apidiscovery.v2.APIVersionDiscovery */
    {.name = "version", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_30, .protobuf = 2},
    {.name = "freshness", .kind = FIELD_STRING, .go_type = "v2.DiscoveryFreshness", .protobuf = 3},
};
static const uint16_t order_83[] = {2, 1, 0};
static const uint16_t wire_83[] = {0, 1, 2};
static const Field fields_84[] = { /* io.k8s.api.apps.v1.ControllerRevision */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "data", .kind = FIELD_ANY, .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state."},
    {.name = "revision", .kind = FIELD_INT64, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its number."},
};
static const uint16_t order_84[] = {1, 3, 0, 2, 4};
static const uint16_t wire_84[] = {2, 3, 4};
static const Field fields_85[] = { /* io.k8s.api.apps.v1.DaemonSet */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[87], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[88], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_85[] = {1, 0, 2, 3, 4};
static const uint16_t wire_85[] = {2, 3, 4};
static const Field fields_86[] = { /* io.k8s.api.apps.v1.DaemonSetCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.DaemonSetConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_86[] = {2, 4, 3, 1, 0};
static const uint16_t wire_86[] = {0, 1, 2, 3, 4};
static const Field fields_87[] = { /* io.k8s.api.apps.v1.DaemonSetSpec */
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS, .doc = "Chooses its pods by their labels; never changes."},
    {.name = "template", .kind = FIELD_OBJECT, .type = &gen_types[327], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The pods."},
    {.name = "updateStrategy", .kind = FIELD_OBJECT, .type = &gen_types[89], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "How pods are replaced when the template changes."},
    {.name = "minReadySeconds", .kind = FIELD_INT32, .protobuf = 4, .doc = "Seconds that a pod must be ready to count as available."},
    {.name = "revisionHistoryLimit", .kind = FIELD_INT32, .protobuf = 6, .flags = FIELD_PTR, .deflt = "10", .doc = "How many old states are kept."},
};
static const uint16_t order_87[] = {3, 4, 0, 1, 2};
static const uint16_t wire_87[] = {0, 1, 2, 3, 4};
static const Field fields_88[] = { /* io.k8s.api.apps.v1.DaemonSetStatus */
    {.name = "currentNumberScheduled", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Nodes that should have a pod and do."},
    {.name = "numberMisscheduled", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Nodes that have a pod and should not."},
    {.name = "desiredNumberScheduled", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Nodes that should have a pod."},
    {.name = "numberReady", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Nodes whose pod is ready."},
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 5, .doc = "The metadata.generation that this status belongs to."},
    {.name = "updatedNumberScheduled", .kind = FIELD_INT32, .protobuf = 6, .doc = "Nodes whose pod is of the current template."},
    {.name = "numberAvailable", .kind = FIELD_INT32, .protobuf = 7, .doc = "Nodes whose pod has been ready for long enough."},
    {.name = "numberUnavailable", .kind = FIELD_INT32, .protobuf = 8, .doc = "Nodes without such a pod."},
    {.name = "collisionCount", .kind = FIELD_INT32, .protobuf = 9, .flags = FIELD_PTR, .doc = "How often a hash of the template was taken already; part of the next hash."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_31, .protobuf = 10, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_88[] = {8, 9, 0, 2, 6, 1, 3, 7, 4, 5};
static const uint16_t wire_88[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const Field fields_89[] = { /* io.k8s.api.apps.v1.DaemonSetUpdateStrategy */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.DaemonSetUpdateStrategyType", .protobuf = 1, .deflt = "\"RollingUpdate\"", .doc = "RollingUpdate, or OnDelete."},
    {.name = "rollingUpdate", .kind = FIELD_OBJECT, .type = &gen_types[99], .protobuf = 2, .flags = FIELD_PTR, .doc = "Settings of RollingUpdate."},
};
static const uint16_t order_89[] = {1, 0};
static const uint16_t wire_89[] = {0, 1};
static const Field fields_90[] = { /* io.k8s.api.apps.v1.Deployment */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[92], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[93], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_90[] = {1, 0, 2, 3, 4};
static const uint16_t wire_90[] = {2, 3, 4};
static const Field fields_91[] = { /* io.k8s.api.apps.v1.DeploymentCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.DeploymentConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastUpdateTime", .kind = FIELD_TIME, .protobuf = 6, .flags = FIELD_ALWAYS, .doc = "When this condition was last written."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 7, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_91[] = {3, 2, 5, 4, 1, 0};
static const uint16_t wire_91[] = {0, 1, 4, 5, 2, 3};
static const Field fields_92[] = { /* io.k8s.api.apps.v1.DeploymentSpec */
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR, .deflt = "1", .doc = "How many pods; 1 by default."},
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS, .doc = "Chooses its pods by their labels; must match the template and never changes."},
    {.name = "template", .kind = FIELD_OBJECT, .type = &gen_types[327], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The pods."},
    {.name = "strategy", .kind = FIELD_OBJECT, .type = &gen_types[94], .protobuf = 4, .flags = FIELD_ALWAYS | FIELD_PATCH_RETAIN, .doc = "How pods are replaced when the template changes."},
    {.name = "minReadySeconds", .kind = FIELD_INT32, .protobuf = 5, .doc = "Seconds that a pod must be ready to count as available."},
    {.name = "revisionHistoryLimit", .kind = FIELD_INT32, .protobuf = 6, .flags = FIELD_PTR, .deflt = "10", .doc = "How many old replica sets are kept; 10 by default."},
    {.name = "paused", .kind = FIELD_BOOL, .protobuf = 7, .doc = "Whether changes of the template wait."},
    {.name = "progressDeadlineSeconds", .kind = FIELD_INT32, .protobuf = 9, .flags = FIELD_PTR, .deflt = "600", .doc = "Seconds without progress after which a rollout counts as failed; 600 by default."},
};
static const uint16_t order_92[] = {4, 6, 7, 0, 5, 1, 3, 2};
static const uint16_t wire_92[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_93[] = { /* io.k8s.api.apps.v1.DeploymentStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 1, .doc = "The metadata.generation that this status belongs to."},
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 2, .doc = "Pods that exist."},
    {.name = "updatedReplicas", .kind = FIELD_INT32, .protobuf = 3, .doc = "Pods of the current template."},
    {.name = "readyReplicas", .kind = FIELD_INT32, .protobuf = 7, .doc = "Pods that are ready."},
    {.name = "availableReplicas", .kind = FIELD_INT32, .protobuf = 4, .doc = "Pods that have been ready for long enough."},
    {.name = "unavailableReplicas", .kind = FIELD_INT32, .protobuf = 5, .doc = "Pods that are still missing."},
    {.name = "terminatingReplicas", .kind = FIELD_INT32, .protobuf = 9, .flags = FIELD_PTR, .doc = "Pods that are on their way out."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_32, .protobuf = 6, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
    {.name = "collisionCount", .kind = FIELD_INT32, .protobuf = 8, .flags = FIELD_PTR, .doc = "How often a hash of the template was taken already; part of the next hash."},
};
static const uint16_t order_93[] = {4, 8, 7, 0, 3, 1, 6, 5, 2};
static const uint16_t wire_93[] = {0, 1, 2, 4, 5, 7, 3, 8, 6};
static const Field fields_94[] = { /* io.k8s.api.apps.v1.DeploymentStrategy */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.DeploymentStrategyType", .protobuf = 1, .deflt = "\"RollingUpdate\"", .doc = "RollingUpdate, or Recreate to end all old pods first."},
    {.name = "rollingUpdate", .kind = FIELD_OBJECT, .type = &gen_types[100], .protobuf = 2, .flags = FIELD_PTR, .doc = "Settings of RollingUpdate."},
};
static const uint16_t order_94[] = {1, 0};
static const uint16_t wire_94[] = {0, 1};
static const Field fields_95[] = { /* io.k8s.api.apps.v1.ReplicaSet */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[97], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[98], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_95[] = {1, 0, 2, 3, 4};
static const uint16_t wire_95[] = {2, 3, 4};
static const Field fields_96[] = { /* io.k8s.api.apps.v1.ReplicaSetCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.ReplicaSetConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_96[] = {2, 4, 3, 1, 0};
static const uint16_t wire_96[] = {0, 1, 2, 3, 4};
static const Field fields_97[] = { /* io.k8s.api.apps.v1.ReplicaSetSpec */
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR, .deflt = "1", .doc = "How many pods; 1 by default."},
    {.name = "minReadySeconds", .kind = FIELD_INT32, .protobuf = 4, .doc = "Seconds that a pod must be ready to count as available."},
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS, .doc = "Chooses its pods by their labels; never changes."},
    {.name = "template", .kind = FIELD_OBJECT, .type = &gen_types[327], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The pods."},
};
static const uint16_t order_97[] = {1, 0, 2, 3};
static const uint16_t wire_97[] = {0, 2, 3, 1};
static const Field fields_98[] = { /* io.k8s.api.apps.v1.ReplicaSetStatus */
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Pods that exist."},
    {.name = "fullyLabeledReplicas", .kind = FIELD_INT32, .protobuf = 2, .doc = "Pods with all labels of the template."},
    {.name = "readyReplicas", .kind = FIELD_INT32, .protobuf = 4, .doc = "Pods that are ready."},
    {.name = "availableReplicas", .kind = FIELD_INT32, .protobuf = 5, .doc = "Pods that have been ready for long enough."},
    {.name = "terminatingReplicas", .kind = FIELD_INT32, .protobuf = 7, .flags = FIELD_PTR, .doc = "Pods that are on their way out."},
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 3, .doc = "The metadata.generation that this status belongs to."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_33, .protobuf = 6, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_98[] = {3, 6, 1, 5, 2, 0, 4};
static const uint16_t wire_98[] = {0, 1, 5, 2, 3, 6, 4};
static const Field fields_99[] = { /* io.k8s.api.apps.v1.RollingUpdateDaemonSet */
    {.name = "maxUnavailable", .kind = FIELD_INT_OR_STRING, .protobuf = 1, .flags = FIELD_PTR, .deflt = "1", .doc = "How many nodes may be without a pod meanwhile."},
    {.name = "maxSurge", .kind = FIELD_INT_OR_STRING, .protobuf = 2, .flags = FIELD_PTR, .deflt = "0", .doc = "How many nodes may have two pods meanwhile."},
};
static const uint16_t order_99[] = {1, 0};
static const uint16_t wire_99[] = {0, 1};
static const Field fields_100[] = { /* io.k8s.api.apps.v1.RollingUpdateDeployment */
    {.name = "maxUnavailable", .kind = FIELD_INT_OR_STRING, .protobuf = 1, .flags = FIELD_PTR, .deflt = "\"25%\"", .doc = "How many pods may be missing meanwhile, as a number or in percent."},
    {.name = "maxSurge", .kind = FIELD_INT_OR_STRING, .protobuf = 2, .flags = FIELD_PTR, .deflt = "\"25%\"", .doc = "How many pods more there may be meanwhile, as a number or in percent."},
};
static const uint16_t order_100[] = {1, 0};
static const uint16_t wire_100[] = {0, 1};
static const Field fields_101[] = { /* io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy */
    {.name = "partition", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR, .deflt = "0", .doc = "Pods with a lower number keep the old template."},
    {.name = "maxUnavailable", .kind = FIELD_INT_OR_STRING, .protobuf = 2, .flags = FIELD_PTR, .doc = "How many pods may be missing meanwhile."},
};
static const uint16_t order_101[] = {1, 0};
static const uint16_t wire_101[] = {0, 1};
static const Field fields_102[] = { /* io.k8s.api.apps.v1.StatefulSet */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[106], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[107], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_102[] = {1, 0, 2, 3, 4};
static const uint16_t wire_102[] = {2, 3, 4};
static const Field fields_103[] = { /* io.k8s.api.apps.v1.StatefulSetCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.StatefulSetConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_103[] = {2, 4, 3, 1, 0};
static const uint16_t wire_103[] = {0, 1, 2, 3, 4};
static const Field fields_104[] = { /* io.k8s.api.apps.v1.StatefulSetOrdinals */
    {.name = "start", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "The first number."},
};
static const uint16_t order_104[] = {0};
static const uint16_t wire_104[] = {0};
static const Field fields_105[] = { /* io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy */
    {.name = "whenDeleted", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeClaimRetentionPolicyType", .protobuf = 1, .deflt = "\"Retain\"", .doc = "Retain or Delete, when the set is deleted."},
    {.name = "whenScaled", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeClaimRetentionPolicyType", .protobuf = 2, .deflt = "\"Retain\"", .doc = "Retain or Delete, when it gets smaller."},
};
static const uint16_t order_105[] = {0, 1};
static const uint16_t wire_105[] = {0, 1};
static const Field fields_106[] = { /* io.k8s.api.apps.v1.StatefulSetSpec */
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR, .deflt = "1", .doc = "How many pods; 1 by default."},
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS, .doc = "Chooses its pods by their labels; never changes."},
    {.name = "template", .kind = FIELD_OBJECT, .type = &gen_types[327], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The pods."},
    {.name = "volumeClaimTemplates", .kind = FIELD_LIST, .elem = &elem_34, .protobuf = 4, .doc = "Claims that every pod gets of its own; volumeMounts name them as volumes."},
    {.name = "serviceName", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_ALWAYS, .doc = "The headless service that makes the pods known by name."},
    {.name = "podManagementPolicy", .kind = FIELD_STRING, .go_type = "v1.PodManagementPolicyType", .protobuf = 6, .deflt = "\"OrderedReady\"", .doc = "OrderedReady to make one pod after the other, or Parallel."},
    {.name = "updateStrategy", .kind = FIELD_OBJECT, .type = &gen_types[108], .protobuf = 7, .flags = FIELD_ALWAYS, .doc = "How pods are replaced when the template changes."},
    {.name = "revisionHistoryLimit", .kind = FIELD_INT32, .protobuf = 8, .flags = FIELD_PTR, .deflt = "10", .doc = "How many old states are kept; 10 by default."},
    {.name = "minReadySeconds", .kind = FIELD_INT32, .protobuf = 9, .doc = "Seconds that a pod must be ready to count as available."},
    {.name = "persistentVolumeClaimRetentionPolicy", .kind = FIELD_OBJECT, .type = &gen_types[105], .protobuf = 10, .flags = FIELD_PTR, .deflt = "{}", .doc = "What becomes of the claims."},
    {.name = "ordinals", .kind = FIELD_OBJECT, .type = &gen_types[104], .protobuf = 11, .flags = FIELD_PTR, .doc = "Numbers of the pods."},
};
static const uint16_t order_106[] = {8, 10, 9, 5, 0, 7, 1, 4, 2, 6, 3};
static const uint16_t wire_106[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const Field fields_107[] = { /* io.k8s.api.apps.v1.StatefulSetStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 1, .doc = "The metadata.generation that this status belongs to."},
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Pods that exist."},
    {.name = "readyReplicas", .kind = FIELD_INT32, .protobuf = 3, .doc = "Pods that are ready."},
    {.name = "currentReplicas", .kind = FIELD_INT32, .protobuf = 4, .doc = "Pods of the state before the update."},
    {.name = "updatedReplicas", .kind = FIELD_INT32, .protobuf = 5, .doc = "Pods of the current template."},
    {.name = "currentRevision", .kind = FIELD_STRING, .protobuf = 6, .doc = "Name of the state before the update."},
    {.name = "updateRevision", .kind = FIELD_STRING, .protobuf = 7, .doc = "Name of the current state."},
    {.name = "collisionCount", .kind = FIELD_INT32, .protobuf = 9, .flags = FIELD_PTR, .doc = "How often a hash of the template was taken already; part of the next hash."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_35, .protobuf = 10, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
    {.name = "availableReplicas", .kind = FIELD_INT32, .protobuf = 11, .flags = FIELD_ALWAYS, .doc = "Pods that have been ready for long enough."},
};
static const uint16_t order_107[] = {9, 7, 8, 3, 5, 0, 2, 1, 6, 4};
static const uint16_t wire_107[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const Field fields_108[] = { /* io.k8s.api.apps.v1.StatefulSetUpdateStrategy */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.StatefulSetUpdateStrategyType", .protobuf = 1, .deflt = "\"RollingUpdate\"", .doc = "RollingUpdate, or OnDelete."},
    {.name = "rollingUpdate", .kind = FIELD_OBJECT, .type = &gen_types[101], .protobuf = 2, .flags = FIELD_PTR, .doc = "Settings of RollingUpdate."},
};
static const uint16_t order_108[] = {1, 0};
static const uint16_t wire_108[] = {0, 1};
static const Field fields_109[] = { /* io.k8s.api.authentication.v1.BoundObjectReference */
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 1, .doc = "Pod, Secret or Node."},
    {.name = "apiVersion", .kind = FIELD_STRING, .protobuf = 2, .doc = "Its version."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 3, .doc = "Its name."},
    {.name = "uid", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 4, .doc = "Its identity."},
};
static const uint16_t order_109[] = {1, 0, 2, 3};
static const uint16_t wire_109[] = {0, 1, 2, 3};
static const Field fields_110[] = { /* io.k8s.api.authentication.v1.SelfSubjectReview */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[111], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_110[] = {1, 0, 2, 3};
static const uint16_t wire_110[] = {2, 3};
static const Field fields_111[] = { /* io.k8s.api.authentication.v1.SelfSubjectReviewStatus */
    {.name = "userInfo", .kind = FIELD_OBJECT, .type = &gen_types[118], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "The caller."},
};
static const uint16_t order_111[] = {0};
static const uint16_t wire_111[] = {0};
static const Field fields_112[] = { /* io.k8s.api.authentication.v1.TokenRequest */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[113], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[114], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_112[] = {1, 0, 2, 3, 4};
static const uint16_t wire_112[] = {2, 3, 4};
static const Field fields_113[] = { /* io.k8s.api.authentication.v1.TokenRequestSpec */
    {.name = "audiences", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Whom it is for."},
    {.name = "expirationSeconds", .kind = FIELD_INT64, .protobuf = 4, .flags = FIELD_PTR | FIELD_ALWAYS, .deflt = "3600", .doc = "How long it shall be good."},
    {.name = "boundObjectRef", .kind = FIELD_OBJECT, .type = &gen_types[109], .protobuf = 3, .flags = FIELD_PTR | FIELD_ALWAYS, .doc = "Object that it goes with."},
};
static const uint16_t order_113[] = {0, 2, 1};
static const uint16_t wire_113[] = {0, 2, 1};
static const Field fields_114[] = { /* io.k8s.api.authentication.v1.TokenRequestStatus */
    {.name = "token", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "The token."},
    {.name = "expirationTimestamp", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "When it expires."},
};
static const uint16_t order_114[] = {1, 0};
static const uint16_t wire_114[] = {0, 1};
static const Field fields_115[] = { /* io.k8s.api.authentication.v1.TokenReview */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[116], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[117], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_115[] = {1, 0, 2, 3, 4};
static const uint16_t wire_115[] = {2, 3, 4};
static const Field fields_116[] = { /* io.k8s.api.authentication.v1.TokenReviewSpec */
    {.name = "token", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED, .doc = "The token."},
    {.name = "audiences", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Whom it must be for."},
};
static const uint16_t order_116[] = {1, 0};
static const uint16_t wire_116[] = {0, 1};
static const Field fields_117[] = { /* io.k8s.api.authentication.v1.TokenReviewStatus */
    {.name = "authenticated", .kind = FIELD_BOOL, .protobuf = 1, .doc = "Whether it is good."},
    {.name = "user", .kind = FIELD_OBJECT, .type = &gen_types[118], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "Whose it is."},
    {.name = "audiences", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Whom it is for."},
    {.name = "error", .kind = FIELD_STRING, .protobuf = 3, .doc = "Why it could not be checked."},
};
static const uint16_t order_117[] = {2, 0, 3, 1};
static const uint16_t wire_117[] = {0, 1, 3, 2};
static const Field fields_118[] = { /* io.k8s.api.authentication.v1.UserInfo */
    {.name = "username", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name."},
    {.name = "uid", .kind = FIELD_STRING, .protobuf = 2, .doc = "Identity."},
    {.name = "groups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "Groups."},
    {.name = "extra", .kind = FIELD_MAP, .elem = &elem_36, .go_type = "map[string]v1.ExtraValue", .protobuf = 4, .doc = "More about the user."},
};
static const uint16_t order_118[] = {3, 2, 1, 0};
static const uint16_t wire_118[] = {0, 1, 2, 3};
static const Field fields_119[] = { /* io.k8s.api.authorization.v1.FieldSelectorAttributes */
    {.name = "rawSelector", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "requirements", .kind = FIELD_LIST, .elem = &elem_37, .protobuf = 2},
};
static const uint16_t order_119[] = {0, 1};
static const uint16_t wire_119[] = {0, 1};
static const Field fields_120[] = { /* io.k8s.api.authorization.v1.LabelSelectorAttributes */
    {.name = "rawSelector", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "requirements", .kind = FIELD_LIST, .elem = &elem_38, .protobuf = 2},
};
static const uint16_t order_120[] = {0, 1};
static const uint16_t wire_120[] = {0, 1};
static const Field fields_121[] = { /* io.k8s.api.authorization.v1.LocalSubjectAccessReview */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[131], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[132], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_121[] = {1, 0, 2, 3, 4};
static const uint16_t wire_121[] = {2, 3, 4};
static const Field fields_122[] = { /* io.k8s.api.authorization.v1.NonResourceAttributes */
    {.name = "path", .kind = FIELD_STRING, .protobuf = 1, .doc = "The path."},
    {.name = "verb", .kind = FIELD_STRING, .protobuf = 2, .doc = "The method, such as get."},
};
static const uint16_t order_122[] = {0, 1};
static const uint16_t wire_122[] = {0, 1};
static const Field fields_123[] = { /* io.k8s.api.authorization.v1.NonResourceRule */
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The methods."},
    {.name = "nonResourceURLs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "The paths."},
};
static const uint16_t order_123[] = {1, 0};
static const uint16_t wire_123[] = {0, 1};
static const Field fields_124[] = { /* io.k8s.api.authorization.v1.ResourceAttributes */
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 1, .doc = "Namespace; empty for all or none."},
    {.name = "verb", .kind = FIELD_STRING, .protobuf = 2, .doc = "What is to be done, such as get."},
    {.name = "group", .kind = FIELD_STRING, .protobuf = 3, .doc = "Group."},
    {.name = "version", .kind = FIELD_STRING, .protobuf = 4, .doc = "Version."},
    {.name = "resource", .kind = FIELD_STRING, .protobuf = 5, .doc = "Resource."},
    {.name = "subresource", .kind = FIELD_STRING, .protobuf = 6, .doc = "Subresource."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 7, .doc = "Name; empty for all."},
    {.name = "fieldSelector", .kind = FIELD_OBJECT, .type = &gen_types[119], .protobuf = 8, .flags = FIELD_PTR},
    {.name = "labelSelector", .kind = FIELD_OBJECT, .type = &gen_types[120], .protobuf = 9, .flags = FIELD_PTR},
};
static const uint16_t order_124[] = {7, 2, 8, 6, 0, 4, 5, 1, 3};
static const uint16_t wire_124[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
static const Field fields_125[] = { /* io.k8s.api.authorization.v1.ResourceRule */
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "What."},
    {.name = "apiGroups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Groups."},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "Resources."},
    {.name = "resourceNames", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Names; all when empty."},
};
static const uint16_t order_125[] = {1, 3, 2, 0};
static const uint16_t wire_125[] = {0, 1, 2, 3};
static const Field fields_126[] = { /* io.k8s.api.authorization.v1.SelfSubjectAccessReview */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[127], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[132], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_126[] = {1, 0, 2, 3, 4};
static const uint16_t wire_126[] = {2, 3, 4};
static const Field fields_127[] = { /* io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec */
    {.name = "resourceAttributes", .kind = FIELD_OBJECT, .type = &gen_types[124], .protobuf = 1, .flags = FIELD_PTR, .doc = "A request for a resource."},
    {.name = "nonResourceAttributes", .kind = FIELD_OBJECT, .type = &gen_types[122], .protobuf = 2, .flags = FIELD_PTR, .doc = "A request for a path."},
};
static const uint16_t order_127[] = {1, 0};
static const uint16_t wire_127[] = {0, 1};
static const Field fields_128[] = { /* io.k8s.api.authorization.v1.SelfSubjectRulesReview */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[129], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[133], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_128[] = {1, 0, 2, 3, 4};
static const uint16_t wire_128[] = {2, 3, 4};
static const Field fields_129[] = { /* io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec */
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 1, .doc = "The namespace."},
};
static const uint16_t order_129[] = {0};
static const uint16_t wire_129[] = {0};
static const Field fields_130[] = { /* io.k8s.api.authorization.v1.SubjectAccessReview */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[131], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[132], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_130[] = {1, 0, 2, 3, 4};
static const uint16_t wire_130[] = {2, 3, 4};
static const Field fields_131[] = { /* io.k8s.api.authorization.v1.SubjectAccessReviewSpec */
    {.name = "resourceAttributes", .kind = FIELD_OBJECT, .type = &gen_types[124], .protobuf = 1, .flags = FIELD_PTR, .doc = "A request for a resource."},
    {.name = "nonResourceAttributes", .kind = FIELD_OBJECT, .type = &gen_types[122], .protobuf = 2, .flags = FIELD_PTR, .doc = "A request for a path."},
    {.name = "user", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name."},
    {.name = "groups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Groups."},
    {.name = "extra", .kind = FIELD_MAP, .elem = &elem_36, .go_type = "map[string]v1.ExtraValue", .protobuf = 5, .doc = "More about the user."},
    {.name = "uid", .kind = FIELD_STRING, .protobuf = 6, .doc = "Identity."},
};
static const uint16_t order_131[] = {4, 3, 1, 0, 5, 2};
static const uint16_t wire_131[] = {0, 1, 2, 3, 4, 5};
static const Field fields_132[] = { /* io.k8s.api.authorization.v1.SubjectAccessReviewStatus */
    {.name = "allowed", .kind = FIELD_BOOL, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it is allowed."},
    {.name = "denied", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether it is forbidden outright."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 2, .doc = "Why."},
    {.name = "evaluationError", .kind = FIELD_STRING, .protobuf = 3, .doc = "What went wrong."},
};
static const uint16_t order_132[] = {0, 1, 3, 2};
static const uint16_t wire_132[] = {0, 2, 3, 1};
static const Field fields_133[] = { /* io.k8s.api.authorization.v1.SubjectRulesReviewStatus */
    {.name = "resourceRules", .kind = FIELD_LIST, .elem = &elem_39, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "With resources."},
    {.name = "nonResourceRules", .kind = FIELD_LIST, .elem = &elem_40, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "With paths."},
    {.name = "incomplete", .kind = FIELD_BOOL, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether there may be more."},
    {.name = "evaluationError", .kind = FIELD_STRING, .protobuf = 4, .doc = "What went wrong."},
};
static const uint16_t order_133[] = {3, 2, 1, 0};
static const uint16_t wire_133[] = {0, 1, 2, 3};
static const Field fields_134[] = { /* io.k8s.api.autoscaling.v1.CrossVersionObjectReference */
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its kind."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "apiVersion", .kind = FIELD_STRING, .protobuf = 3, .doc = "Its group and version."},
};
static const uint16_t order_134[] = {2, 0, 1};
static const uint16_t wire_134[] = {0, 1, 2};
static const Field fields_135[] = { /* io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[136], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[137], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_135[] = {1, 0, 2, 3, 4};
static const uint16_t wire_135[] = {2, 3, 4};
static const Field fields_136[] = { /* io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec */
    {.name = "scaleTargetRef", .kind = FIELD_OBJECT, .type = &gen_types[134], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "What is scaled."},
    {.name = "minReplicas", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR, .deflt = "1", .doc = "The least number of pods; 1 by default."},
    {.name = "maxReplicas", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The largest number of pods."},
    {.name = "targetCPUUtilizationPercentage", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_PTR, .doc = "Wanted use of CPU in percent of the requests."},
};
static const uint16_t order_136[] = {2, 1, 0, 3};
static const uint16_t wire_136[] = {0, 1, 2, 3};
static const Field fields_137[] = { /* io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 1, .flags = FIELD_PTR, .doc = "The metadata.generation that this status belongs to."},
    {.name = "lastScaleTime", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_PTR, .doc = "When it last changed the number."},
    {.name = "currentReplicas", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How many pods there are."},
    {.name = "desiredReplicas", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How many there should be."},
    {.name = "currentCPUUtilizationPercentage", .kind = FIELD_INT32, .protobuf = 5, .flags = FIELD_PTR, .doc = "Use of CPU in percent of the requests."},
};
static const uint16_t order_137[] = {4, 2, 3, 1, 0};
static const uint16_t wire_137[] = {0, 1, 2, 3, 4};
static const Field fields_138[] = { /* io.k8s.api.autoscaling.v1.Scale */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[139], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[140], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_138[] = {1, 0, 2, 3, 4};
static const uint16_t wire_138[] = {2, 3, 4};
static const Field fields_139[] = { /* io.k8s.api.autoscaling.v1.ScaleSpec */
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 1, .doc = "The number."},
};
static const uint16_t order_139[] = {0};
static const uint16_t wire_139[] = {0};
static const Field fields_140[] = { /* io.k8s.api.autoscaling.v1.ScaleStatus */
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The number."},
    {.name = "selector", .kind = FIELD_STRING, .protobuf = 2, .doc = "Labels of the pods."},
};
static const uint16_t order_140[] = {0, 1};
static const uint16_t wire_140[] = {0, 1};
static const Field fields_141[] = { /* io.k8s.api.autoscaling.v2.ContainerResourceMetricSource */
    {.name = "name", .kind = FIELD_STRING, .go_type = "v1.ResourceName", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "cpu or memory."},
    {.name = "target", .kind = FIELD_OBJECT, .type = &gen_types[156], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The value that is wanted."},
    {.name = "container", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the container."},
};
static const uint16_t order_141[] = {2, 0, 1};
static const uint16_t wire_141[] = {0, 1, 2};
static const Field fields_142[] = { /* io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus */
    {.name = "name", .kind = FIELD_STRING, .go_type = "v1.ResourceName", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "current", .kind = FIELD_OBJECT, .type = &gen_types[157], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "container", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_142[] = {2, 1, 0};
static const uint16_t wire_142[] = {0, 1, 2};
static const Field fields_143[] = { /* io.k8s.api.autoscaling.v2.CrossVersionObjectReference */
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its kind."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "apiVersion", .kind = FIELD_STRING, .protobuf = 3, .doc = "Its group and version."},
};
static const uint16_t order_143[] = {2, 0, 1};
static const uint16_t wire_143[] = {0, 1, 2};
static const Field fields_144[] = { /* io.k8s.api.autoscaling.v2.ExternalMetricSource */
    {.name = "metric", .kind = FIELD_OBJECT, .type = &gen_types[153], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Which number."},
    {.name = "target", .kind = FIELD_OBJECT, .type = &gen_types[156], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The value that is wanted."},
};
static const uint16_t order_144[] = {0, 1};
static const uint16_t wire_144[] = {0, 1};
static const Field fields_145[] = { /* io.k8s.api.autoscaling.v2.ExternalMetricStatus */
    {.name = "metric", .kind = FIELD_OBJECT, .type = &gen_types[153], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "current", .kind = FIELD_OBJECT, .type = &gen_types[157], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_145[] = {1, 0};
static const uint16_t wire_145[] = {0, 1};
static const Field fields_146[] = { /* io.k8s.api.autoscaling.v2.HPAScalingPolicy */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v2.HPAScalingPolicyType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Pods or Percent."},
    {.name = "value", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How many."},
    {.name = "periodSeconds", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "In how many seconds."},
};
static const uint16_t order_146[] = {2, 0, 1};
static const uint16_t wire_146[] = {0, 1, 2};
static const Field fields_147[] = { /* io.k8s.api.autoscaling.v2.HPAScalingRules */
    {.name = "stabilizationWindowSeconds", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR, .doc = "Seconds back whose proposals count."},
    {.name = "selectPolicy", .kind = FIELD_STRING, .go_type = "v2.ScalingPolicySelect", .protobuf = 1, .flags = FIELD_PTR, .doc = "Max, Min or Disabled."},
    {.name = "policies", .kind = FIELD_LIST, .elem = &elem_41, .go_type = "[]v2.HPAScalingPolicy", .protobuf = 2, .doc = "The limits."},
    {.name = "tolerance", .kind = FIELD_QUANTITY, .protobuf = 4, .flags = FIELD_PTR, .doc = "Difference that is not acted upon."},
};
static const uint16_t order_147[] = {2, 1, 0, 3};
static const uint16_t wire_147[] = {1, 2, 0, 3};
static const Field fields_148[] = { /* io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[151], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[152], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_148[] = {1, 0, 2, 3, 4};
static const uint16_t wire_148[] = {2, 3, 4};
static const Field fields_149[] = { /* io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior */
    {.name = "scaleUp", .kind = FIELD_OBJECT, .type = &gen_types[147], .protobuf = 1, .flags = FIELD_PTR, .doc = "When growing."},
    {.name = "scaleDown", .kind = FIELD_OBJECT, .type = &gen_types[147], .protobuf = 2, .flags = FIELD_PTR, .doc = "When shrinking."},
};
static const uint16_t order_149[] = {1, 0};
static const uint16_t wire_149[] = {0, 1};
static const Field fields_150[] = { /* io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v2.HorizontalPodAutoscalerConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_150[] = {2, 4, 3, 1, 0};
static const uint16_t wire_150[] = {0, 1, 2, 3, 4};
static const Field fields_151[] = { /* io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec */
    {.name = "scaleTargetRef", .kind = FIELD_OBJECT, .type = &gen_types[143], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "What is scaled."},
    {.name = "minReplicas", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR, .deflt = "1", .doc = "The least number of pods; 1 by default."},
    {.name = "maxReplicas", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The largest number of pods."},
    {.name = "metrics", .kind = FIELD_LIST, .elem = &elem_42, .go_type = "[]v2.MetricSpec", .protobuf = 4, .doc = "What is measured; the largest proposal counts."},
    {.name = "behavior", .kind = FIELD_OBJECT, .type = &gen_types[149], .protobuf = 5, .flags = FIELD_PTR, .doc = "How fast to scale."},
};
static const uint16_t order_151[] = {4, 2, 3, 1, 0};
static const uint16_t wire_151[] = {0, 1, 2, 3, 4};
static const Field fields_152[] = { /* io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 1, .flags = FIELD_PTR, .doc = "The metadata.generation that this status belongs to."},
    {.name = "lastScaleTime", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_PTR, .doc = "When it last changed the number."},
    {.name = "currentReplicas", .kind = FIELD_INT32, .protobuf = 3, .doc = "How many pods there are."},
    {.name = "desiredReplicas", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How many there should be."},
    {.name = "currentMetrics", .kind = FIELD_LIST, .elem = &elem_43, .go_type = "[]v2.MetricStatus", .protobuf = 5, .flags = FIELD_ALWAYS, .doc = "What was measured."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_44, .go_type = "[]v2.HorizontalPodAutoscalerCondition", .protobuf = 6, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_152[] = {5, 4, 2, 3, 1, 0};
static const uint16_t wire_152[] = {0, 1, 2, 3, 4, 5};
static const Field fields_153[] = { /* io.k8s.api.autoscaling.v2.MetricIdentifier */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 2, .flags = FIELD_PTR, .doc = "Labels that it must have."},
};
static const uint16_t order_153[] = {0, 1};
static const uint16_t wire_153[] = {0, 1};
static const Field fields_154[] = { /* io.k8s.api.autoscaling.v2.MetricSpec */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v2.MetricSourceType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Resource, ContainerResource, Pods, Object or External."},
    {.name = "object", .kind = FIELD_OBJECT, .type = &gen_types[158], .protobuf = 2, .flags = FIELD_PTR, .doc = "A number of one object."},
    {.name = "pods", .kind = FIELD_OBJECT, .type = &gen_types[160], .protobuf = 3, .flags = FIELD_PTR, .doc = "A number of every pod."},
    {.name = "resource", .kind = FIELD_OBJECT, .type = &gen_types[162], .protobuf = 4, .flags = FIELD_PTR, .doc = "Use of a resource."},
    {.name = "containerResource", .kind = FIELD_OBJECT, .type = &gen_types[141], .protobuf = 7, .flags = FIELD_PTR, .doc = "Use of a resource by one container."},
    {.name = "external", .kind = FIELD_OBJECT, .type = &gen_types[144], .protobuf = 5, .flags = FIELD_PTR, .doc = "A number from outside."},
};
static const uint16_t order_154[] = {4, 5, 1, 2, 3, 0};
static const uint16_t wire_154[] = {0, 1, 2, 3, 5, 4};
static const Field fields_155[] = { /* io.k8s.api.autoscaling.v2.MetricStatus */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v2.MetricSourceType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "object", .kind = FIELD_OBJECT, .type = &gen_types[159], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "pods", .kind = FIELD_OBJECT, .type = &gen_types[161], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "resource", .kind = FIELD_OBJECT, .type = &gen_types[163], .protobuf = 4, .flags = FIELD_PTR},
    {.name = "containerResource", .kind = FIELD_OBJECT, .type = &gen_types[142], .protobuf = 7, .flags = FIELD_PTR},
    {.name = "external", .kind = FIELD_OBJECT, .type = &gen_types[145], .protobuf = 5, .flags = FIELD_PTR},
};
static const uint16_t order_155[] = {4, 5, 1, 2, 3, 0};
static const uint16_t wire_155[] = {0, 1, 2, 3, 5, 4};
static const Field fields_156[] = { /* io.k8s.api.autoscaling.v2.MetricTarget */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v2.MetricTargetType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Utilization, Value or AverageValue."},
    {.name = "value", .kind = FIELD_QUANTITY, .protobuf = 2, .flags = FIELD_PTR, .doc = "The value."},
    {.name = "averageValue", .kind = FIELD_QUANTITY, .protobuf = 3, .flags = FIELD_PTR, .doc = "The value for each pod."},
    {.name = "averageUtilization", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_PTR, .doc = "Percent of the requests."},
};
static const uint16_t order_156[] = {3, 2, 0, 1};
static const uint16_t wire_156[] = {0, 1, 2, 3};
static const Field fields_157[] = { /* io.k8s.api.autoscaling.v2.MetricValueStatus */
    {.name = "value", .kind = FIELD_QUANTITY, .protobuf = 1, .flags = FIELD_PTR},
    {.name = "averageValue", .kind = FIELD_QUANTITY, .protobuf = 2, .flags = FIELD_PTR},
    {.name = "averageUtilization", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR},
};
static const uint16_t order_157[] = {2, 1, 0};
static const uint16_t wire_157[] = {0, 1, 2};
static const Field fields_158[] = { /* io.k8s.api.autoscaling.v2.ObjectMetricSource */
    {.name = "describedObject", .kind = FIELD_OBJECT, .type = &gen_types[143], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The object."},
    {.name = "target", .kind = FIELD_OBJECT, .type = &gen_types[156], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The value that is wanted."},
    {.name = "metric", .kind = FIELD_OBJECT, .type = &gen_types[153], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Which number."},
};
static const uint16_t order_158[] = {0, 2, 1};
static const uint16_t wire_158[] = {0, 1, 2};
static const Field fields_159[] = { /* io.k8s.api.autoscaling.v2.ObjectMetricStatus */
    {.name = "metric", .kind = FIELD_OBJECT, .type = &gen_types[153], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "current", .kind = FIELD_OBJECT, .type = &gen_types[157], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "describedObject", .kind = FIELD_OBJECT, .type = &gen_types[143], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_159[] = {1, 2, 0};
static const uint16_t wire_159[] = {0, 1, 2};
static const Field fields_160[] = { /* io.k8s.api.autoscaling.v2.PodsMetricSource */
    {.name = "metric", .kind = FIELD_OBJECT, .type = &gen_types[153], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Which number."},
    {.name = "target", .kind = FIELD_OBJECT, .type = &gen_types[156], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The value that is wanted."},
};
static const uint16_t order_160[] = {0, 1};
static const uint16_t wire_160[] = {0, 1};
static const Field fields_161[] = { /* io.k8s.api.autoscaling.v2.PodsMetricStatus */
    {.name = "metric", .kind = FIELD_OBJECT, .type = &gen_types[153], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "current", .kind = FIELD_OBJECT, .type = &gen_types[157], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_161[] = {1, 0};
static const uint16_t wire_161[] = {0, 1};
static const Field fields_162[] = { /* io.k8s.api.autoscaling.v2.ResourceMetricSource */
    {.name = "name", .kind = FIELD_STRING, .go_type = "v1.ResourceName", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "cpu or memory."},
    {.name = "target", .kind = FIELD_OBJECT, .type = &gen_types[156], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The value that is wanted."},
};
static const uint16_t order_162[] = {0, 1};
static const uint16_t wire_162[] = {0, 1};
static const Field fields_163[] = { /* io.k8s.api.autoscaling.v2.ResourceMetricStatus */
    {.name = "name", .kind = FIELD_STRING, .go_type = "v1.ResourceName", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "current", .kind = FIELD_OBJECT, .type = &gen_types[157], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_163[] = {1, 0};
static const uint16_t wire_163[] = {0, 1};
static const Field fields_164[] = { /* io.k8s.api.batch.v1.CronJob */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[165], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[166], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_164[] = {1, 0, 2, 3, 4};
static const uint16_t wire_164[] = {2, 3, 4};
static const Field fields_165[] = { /* io.k8s.api.batch.v1.CronJobSpec */
    {.name = "schedule", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "When, as five fields of cron: minute, hour, day, month, weekday."},
    {.name = "timeZone", .kind = FIELD_STRING, .protobuf = 8, .flags = FIELD_PTR, .doc = "Name of the time zone of the schedule; that of the server when absent."},
    {.name = "startingDeadlineSeconds", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_PTR, .doc = "Seconds that a job may be late; a later one is left out."},
    {.name = "concurrencyPolicy", .kind = FIELD_STRING, .go_type = "v1.ConcurrencyPolicy", .protobuf = 3, .deflt = "\"Allow\"", .doc = "When the last job still runs - Allow, Forbid (leave out the new one) or Replace."},
    {.name = "suspend", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .deflt = "false", .doc = "Whether no jobs are made for now."},
    {.name = "jobTemplate", .kind = FIELD_OBJECT, .type = &gen_types[171], .protobuf = 5, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The jobs."},
    {.name = "successfulJobsHistoryLimit", .kind = FIELD_INT32, .protobuf = 6, .flags = FIELD_PTR, .deflt = "3", .doc = "How many finished jobs are kept; 3 by default."},
    {.name = "failedJobsHistoryLimit", .kind = FIELD_INT32, .protobuf = 7, .flags = FIELD_PTR, .deflt = "1", .doc = "How many failed jobs are kept; 1 by default."},
};
static const uint16_t order_165[] = {3, 7, 5, 0, 2, 6, 4, 1};
static const uint16_t wire_165[] = {0, 2, 3, 4, 5, 6, 7, 1};
static const Field fields_166[] = { /* io.k8s.api.batch.v1.CronJobStatus */
    {.name = "active", .kind = FIELD_LIST, .elem = &elem_45, .protobuf = 1, .doc = "Its jobs that run."},
    {.name = "lastScheduleTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_PTR, .doc = "When it last made a job."},
    {.name = "lastSuccessfulTime", .kind = FIELD_TIME, .protobuf = 5, .flags = FIELD_PTR, .doc = "When a job last finished well."},
};
static const uint16_t order_166[] = {0, 1, 2};
static const uint16_t wire_166[] = {0, 1, 2};
static const Field fields_167[] = { /* io.k8s.api.batch.v1.Job */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[169], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[170], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_167[] = {1, 0, 2, 3, 4};
static const uint16_t wire_167[] = {2, 3, 4};
static const Field fields_168[] = { /* io.k8s.api.batch.v1.JobCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.JobConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastProbeTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When this condition was last checked."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 5, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 6, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_168[] = {2, 3, 5, 4, 1, 0};
static const uint16_t wire_168[] = {0, 1, 2, 3, 4, 5};
static const Field fields_169[] = { /* io.k8s.api.batch.v1.JobSpec */
    {.name = "parallelism", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR, .doc = "How many pods may run at once."},
    {.name = "completions", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR, .doc = "How many pods must succeed."},
    {.name = "activeDeadlineSeconds", .kind = FIELD_INT64, .protobuf = 3, .flags = FIELD_PTR, .doc = "Seconds after which the job is failed."},
    {.name = "podFailurePolicy", .kind = FIELD_OBJECT, .type = &gen_types[172], .protobuf = 11, .flags = FIELD_PTR, .doc = "What a failed pod means, by exit code or condition."},
    {.name = "successPolicy", .kind = FIELD_OBJECT, .type = &gen_types[176], .protobuf = 16, .flags = FIELD_PTR, .doc = "When the job has succeeded before all pods have."},
    {.name = "backoffLimit", .kind = FIELD_INT32, .protobuf = 7, .flags = FIELD_PTR, .doc = "Failures after which the job is failed; 6 by default."},
    {.name = "backoffLimitPerIndex", .kind = FIELD_INT32, .protobuf = 12, .flags = FIELD_PTR, .doc = "Failures of one index after which it is failed."},
    {.name = "maxFailedIndexes", .kind = FIELD_INT32, .protobuf = 13, .flags = FIELD_PTR, .doc = "Failed indexes after which the job is failed."},
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 4, .flags = FIELD_PTR, .doc = "Chooses its pods by their labels; made by the system."},
    {.name = "manualSelector", .kind = FIELD_BOOL, .protobuf = 5, .flags = FIELD_PTR, .doc = "Whether the selector is given and not made."},
    {.name = "template", .kind = FIELD_OBJECT, .type = &gen_types[327], .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The pods; restartPolicy is Never or OnFailure."},
    {.name = "ttlSecondsAfterFinished", .kind = FIELD_INT32, .protobuf = 8, .flags = FIELD_PTR, .doc = "Seconds after which the finished job is deleted."},
    {.name = "completionMode", .kind = FIELD_STRING, .go_type = "v1.CompletionMode", .protobuf = 9, .flags = FIELD_PTR, .doc = "NonIndexed, or Indexed to give every pod a number."},
    {.name = "suspend", .kind = FIELD_BOOL, .protobuf = 10, .flags = FIELD_PTR, .doc = "Whether it runs no pods for now."},
    {.name = "podReplacementPolicy", .kind = FIELD_STRING, .go_type = "v1.PodReplacementPolicy", .protobuf = 14, .flags = FIELD_PTR, .doc = "When a new pod is made - TerminatingOrFailed or Failed."},
    {.name = "managedBy", .kind = FIELD_STRING, .protobuf = 15, .flags = FIELD_PTR, .doc = "The controller that runs the job; the built-in one when absent."},
};
static const uint16_t order_169[] = {2, 5, 6, 12, 1, 15, 9, 7, 0, 3, 14, 8, 4, 13, 10, 11};
static const uint16_t wire_169[] = {0, 1, 2, 8, 9, 10, 5, 11, 12, 13, 3, 6, 7, 14, 15, 4};
static const Field fields_170[] = { /* io.k8s.api.batch.v1.JobStatus */
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_46, .protobuf = 1, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
    {.name = "startTime", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_PTR, .doc = "When it was started."},
    {.name = "completionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_PTR, .doc = "When it finished well."},
    {.name = "active", .kind = FIELD_INT32, .protobuf = 4, .doc = "Pods that run."},
    {.name = "succeeded", .kind = FIELD_INT32, .protobuf = 5, .doc = "Pods that finished well."},
    {.name = "failed", .kind = FIELD_INT32, .protobuf = 6, .doc = "Pods that failed."},
    {.name = "terminating", .kind = FIELD_INT32, .protobuf = 11, .flags = FIELD_PTR, .doc = "Pods that are on their way out."},
    {.name = "completedIndexes", .kind = FIELD_STRING, .protobuf = 7, .doc = "Indexes that finished well."},
    {.name = "failedIndexes", .kind = FIELD_STRING, .protobuf = 10, .flags = FIELD_PTR, .doc = "Indexes that failed."},
    {.name = "uncountedTerminatedPods", .kind = FIELD_OBJECT, .type = &gen_types[178], .protobuf = 8, .flags = FIELD_PTR, .doc = "Pods that have ended and are not counted yet."},
    {.name = "ready", .kind = FIELD_INT32, .protobuf = 9, .flags = FIELD_PTR, .doc = "Pods that are ready."},
};
static const uint16_t order_170[] = {3, 7, 2, 0, 5, 8, 10, 1, 4, 6, 9};
static const uint16_t wire_170[] = {0, 1, 2, 3, 4, 5, 7, 9, 10, 8, 6};
static const Field fields_171[] = { /* io.k8s.api.batch.v1.JobTemplateSpec */
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Labels and annotations of the jobs."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[169], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "What the jobs do."},
};
static const uint16_t order_171[] = {0, 1};
static const uint16_t wire_171[] = {0, 1};
static const Field fields_172[] = { /* io.k8s.api.batch.v1.PodFailurePolicy */
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_47, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The rules; the first that fits decides."},
};
static const uint16_t order_172[] = {0};
static const uint16_t wire_172[] = {0};
static const Field fields_173[] = { /* io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement */
    {.name = "containerName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR, .doc = "The container; every one when absent."},
    {.name = "operator", .kind = FIELD_STRING, .go_type = "v1.PodFailurePolicyOnExitCodesOperator", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "In or NotIn."},
    {.name = "values", .kind = FIELD_LIST, .elem = &elem_48, .protobuf = 3, .list_type = LIST_SET, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The codes."},
};
static const uint16_t order_173[] = {0, 1, 2};
static const uint16_t wire_173[] = {0, 1, 2};
static const Field fields_174[] = { /* io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.PodConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Type of the condition."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_ALWAYS, .deflt = "\"True\"", .doc = "Its status."},
};
static const uint16_t order_174[] = {1, 0};
static const uint16_t wire_174[] = {0, 1};
static const Field fields_175[] = { /* io.k8s.api.batch.v1.PodFailurePolicyRule */
    {.name = "action", .kind = FIELD_STRING, .go_type = "v1.PodFailurePolicyAction", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "FailJob, FailIndex, Ignore or Count."},
    {.name = "onExitCodes", .kind = FIELD_OBJECT, .type = &gen_types[173], .protobuf = 2, .flags = FIELD_PTR, .doc = "Exit codes that it is about."},
    {.name = "onPodConditions", .kind = FIELD_LIST, .elem = &elem_49, .protobuf = 3, .doc = "Conditions that it is about."},
};
static const uint16_t order_175[] = {0, 1, 2};
static const uint16_t wire_175[] = {0, 1, 2};
static const Field fields_176[] = { /* io.k8s.api.batch.v1.SuccessPolicy */
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_50, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The rules; one is enough."},
};
static const uint16_t order_176[] = {0};
static const uint16_t wire_176[] = {0};
static const Field fields_177[] = { /* io.k8s.api.batch.v1.SuccessPolicyRule */
    {.name = "succeededIndexes", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR, .doc = "Indexes that must finish well."},
    {.name = "succeededCount", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR, .doc = "How many of them."},
};
static const uint16_t order_177[] = {1, 0};
static const uint16_t wire_177[] = {0, 1};
static const Field fields_178[] = { /* io.k8s.api.batch.v1.UncountedTerminatedPods */
    {.name = "succeeded", .kind = FIELD_LIST, .elem = &elem_51, .go_type = "[]types.UID", .protobuf = 1, .list_type = LIST_SET},
    {.name = "failed", .kind = FIELD_LIST, .elem = &elem_51, .go_type = "[]types.UID", .protobuf = 2, .list_type = LIST_SET},
};
static const uint16_t order_178[] = {1, 0};
static const uint16_t wire_178[] = {0, 1};
static const Field fields_179[] = { /* io.k8s.api.certificates.v1.CertificateSigningRequest */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[181], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[182], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_179[] = {1, 0, 2, 3, 4};
static const uint16_t wire_179[] = {2, 3, 4};
static const Field fields_180[] = { /* io.k8s.api.certificates.v1.CertificateSigningRequestCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.RequestConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 2, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 3, .doc = "A sentence that tells a person why."},
    {.name = "lastUpdateTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_ALWAYS, .doc = "When this condition was last written."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 5, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
};
static const uint16_t order_180[] = {5, 4, 3, 2, 1, 0};
static const uint16_t wire_180[] = {0, 2, 3, 4, 5, 1};
static const Field fields_181[] = { /* io.k8s.api.certificates.v1.CertificateSigningRequestSpec */
    {.name = "request", .kind = FIELD_BYTES, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The request (PKCS 10) as PEM in base64."},
    {.name = "signerName", .kind = FIELD_STRING, .protobuf = 7, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Who shall sign, such as kubernetes.io/kube-apiserver-client."},
    {.name = "expirationSeconds", .kind = FIELD_INT32, .protobuf = 8, .flags = FIELD_PTR, .doc = "How long it shall be good."},
    {.name = "usages", .kind = FIELD_LIST, .elem = &elem_52, .go_type = "[]v1.KeyUsage", .protobuf = 5, .doc = "What the key is for, such as client auth."},
    {.name = "username", .kind = FIELD_STRING, .protobuf = 2, .doc = "Who asked; filled in by the server."},
    {.name = "uid", .kind = FIELD_STRING, .protobuf = 3, .doc = "Identity of who asked."},
    {.name = "groups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Groups of who asked."},
    {.name = "extra", .kind = FIELD_MAP, .elem = &elem_36, .go_type = "map[string]v1.ExtraValue", .protobuf = 6, .doc = "More about who asked."},
};
static const uint16_t order_181[] = {2, 7, 6, 0, 1, 5, 3, 4};
static const uint16_t wire_181[] = {0, 4, 5, 6, 3, 7, 1, 2};
static const Field fields_182[] = { /* io.k8s.api.certificates.v1.CertificateSigningRequestStatus */
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_53, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_0, .doc = "Approved, Denied or Failed."},
    {.name = "certificate", .kind = FIELD_BYTES, .protobuf = 2, .doc = "The certificate as PEM in base64."},
};
static const uint16_t order_182[] = {1, 0};
static const uint16_t wire_182[] = {0, 1};
static const Field fields_183[] = { /* io.k8s.api.coordination.v1.Lease */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[184], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_183[] = {1, 0, 2, 3};
static const uint16_t wire_183[] = {2, 3};
static const Field fields_184[] = { /* io.k8s.api.coordination.v1.LeaseSpec */
    {.name = "holderIdentity", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR, .doc = "Who holds it."},
    {.name = "leaseDurationSeconds", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR, .doc = "Seconds after the renewal that it is good for."},
    {.name = "acquireTime", .kind = FIELD_MICRO_TIME, .protobuf = 3, .flags = FIELD_PTR, .doc = "When the holder took it."},
    {.name = "renewTime", .kind = FIELD_MICRO_TIME, .protobuf = 4, .flags = FIELD_PTR, .doc = "When the holder last renewed it."},
    {.name = "leaseTransitions", .kind = FIELD_INT32, .protobuf = 5, .flags = FIELD_PTR, .doc = "How often it changed hands."},
    {.name = "strategy", .kind = FIELD_STRING, .go_type = "v1.CoordinatedLeaseStrategy", .protobuf = 6, .flags = FIELD_PTR},
    {.name = "preferredHolder", .kind = FIELD_STRING, .protobuf = 7, .flags = FIELD_PTR},
};
static const uint16_t order_184[] = {2, 0, 1, 4, 6, 3, 5};
static const uint16_t wire_184[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_185[] = { /* io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource */
    {.name = "volumeID", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "partition", .kind = FIELD_INT32, .protobuf = 3},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_185[] = {1, 2, 3, 0};
static const uint16_t wire_185[] = {0, 1, 2, 3};
static const Field fields_186[] = { /* io.k8s.api.core.v1.Affinity */
    {.name = "nodeAffinity", .kind = FIELD_OBJECT, .type = &gen_types[279], .protobuf = 1, .flags = FIELD_PTR, .doc = "Rules on the labels of nodes."},
    {.name = "podAffinity", .kind = FIELD_OBJECT, .type = &gen_types[308], .protobuf = 2, .flags = FIELD_PTR, .doc = "Rules that want the pod near certain other pods."},
    {.name = "podAntiAffinity", .kind = FIELD_OBJECT, .type = &gen_types[310], .protobuf = 3, .flags = FIELD_PTR, .doc = "Rules that want the pod away from certain other pods."},
};
static const uint16_t order_186[] = {0, 1, 2};
static const uint16_t wire_186[] = {0, 1, 2};
static const Field fields_187[] = { /* io.k8s.api.core.v1.AppArmorProfile */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.AppArmorProfileType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "RuntimeDefault, Localhost or Unconfined."},
    {.name = "localhostProfile", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR, .doc = "Name of a profile that is loaded on the node; for type Localhost."},
};
static const uint16_t order_187[] = {1, 0};
static const uint16_t wire_187[] = {0, 1};
static const Field fields_188[] = { /* io.k8s.api.core.v1.AttachedVolume */
    {.name = "name", .kind = FIELD_STRING, .go_type = "v1.UniqueVolumeName", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "devicePath", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_188[] = {1, 0};
static const uint16_t wire_188[] = {0, 1};
static const Field fields_189[] = { /* io.k8s.api.core.v1.AzureDiskVolumeSource */
    {.name = "diskName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "diskURI", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "cachingMode", .kind = FIELD_STRING, .go_type = "v1.AzureDataDiskCachingMode", .protobuf = 3, .flags = FIELD_PTR, .deflt = "\"ReadWrite\""},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR, .deflt = "\"ext4\"", .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 5, .flags = FIELD_PTR, .deflt = "false", .doc = "Whether it is mounted for reading only."},
    {.name = "kind", .kind = FIELD_STRING, .go_type = "v1.AzureDataDiskKind", .protobuf = 6, .flags = FIELD_PTR, .deflt = "\"Shared\""},
};
static const uint16_t order_189[] = {2, 0, 1, 3, 5, 4};
static const uint16_t wire_189[] = {0, 1, 2, 3, 4, 5};
static const Field fields_190[] = { /* io.k8s.api.core.v1.AzureFilePersistentVolumeSource */
    {.name = "secretName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "shareName", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
    {.name = "secretNamespace", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR | FIELD_ALWAYS},
};
static const uint16_t order_190[] = {2, 0, 3, 1};
static const uint16_t wire_190[] = {0, 1, 2, 3};
static const Field fields_191[] = { /* io.k8s.api.core.v1.AzureFileVolumeSource */
    {.name = "secretName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "shareName", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_191[] = {2, 0, 1};
static const uint16_t wire_191[] = {0, 1, 2};
static const Field fields_192[] = { /* io.k8s.api.core.v1.Binding */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "target", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The node."},
};
static const uint16_t order_192[] = {1, 0, 2, 3};
static const uint16_t wire_192[] = {2, 3};
static const Field fields_193[] = { /* io.k8s.api.core.v1.CSIPersistentVolumeSource */
    {.name = "driver", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the driver."},
    {.name = "volumeHandle", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The name that the driver knows the volume by."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 4, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "volumeAttributes", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 5, .doc = "Properties that the driver gave the volume."},
    {.name = "controllerPublishSecretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 6, .flags = FIELD_PTR, .doc = "Secret for attaching the volume to a node."},
    {.name = "nodeStageSecretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 7, .flags = FIELD_PTR, .doc = "Secret for preparing the volume on a node."},
    {.name = "nodePublishSecretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 8, .flags = FIELD_PTR, .doc = "Secret for mounting the volume into a pod."},
    {.name = "controllerExpandSecretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 9, .flags = FIELD_PTR, .doc = "Secret for enlarging the volume."},
    {.name = "nodeExpandSecretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 10, .flags = FIELD_PTR, .doc = "Secret for enlarging the volume on a node."},
};
static const uint16_t order_193[] = {8, 5, 0, 3, 9, 7, 6, 2, 4, 1};
static const uint16_t wire_193[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const Field fields_194[] = { /* io.k8s.api.core.v1.CSIVolumeSource */
    {.name = "driver", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the driver."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_PTR, .doc = "Whether it is mounted for reading only."},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "volumeAttributes", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 4, .doc = "Properties to pass to the driver."},
    {.name = "nodePublishSecretRef", .kind = FIELD_OBJECT, .type = &gen_types[269], .protobuf = 5, .flags = FIELD_PTR, .doc = "Secret for mounting the volume."},
};
static const uint16_t order_194[] = {0, 2, 4, 1, 3};
static const uint16_t wire_194[] = {0, 1, 2, 3, 4};
static const Field fields_195[] = { /* io.k8s.api.core.v1.Capabilities */
    {.name = "add", .kind = FIELD_LIST, .elem = &elem_54, .go_type = "[]v1.Capability", .protobuf = 1, .doc = "Capabilities to add."},
    {.name = "drop", .kind = FIELD_LIST, .elem = &elem_54, .go_type = "[]v1.Capability", .protobuf = 2, .doc = "Capabilities to take away; ALL takes every one."},
};
static const uint16_t order_195[] = {0, 1};
static const uint16_t wire_195[] = {0, 1};
static const Field fields_196[] = { /* io.k8s.api.core.v1.CephFSPersistentVolumeSource */
    {.name = "monitors", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 2},
    {.name = "user", .kind = FIELD_STRING, .protobuf = 3},
    {.name = "secretFile", .kind = FIELD_STRING, .protobuf = 4},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 5, .flags = FIELD_PTR},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 6, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_196[] = {0, 1, 5, 3, 4, 2};
static const uint16_t wire_196[] = {0, 1, 2, 3, 4, 5};
static const Field fields_197[] = { /* io.k8s.api.core.v1.CephFSVolumeSource */
    {.name = "monitors", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 2},
    {.name = "user", .kind = FIELD_STRING, .protobuf = 3},
    {.name = "secretFile", .kind = FIELD_STRING, .protobuf = 4},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[269], .protobuf = 5, .flags = FIELD_PTR},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 6, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_197[] = {0, 1, 5, 3, 4, 2};
static const uint16_t wire_197[] = {0, 1, 2, 3, 4, 5};
static const Field fields_198[] = { /* io.k8s.api.core.v1.CinderPersistentVolumeSource */
    {.name = "volumeID", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_198[] = {1, 2, 3, 0};
static const uint16_t wire_198[] = {0, 1, 2, 3};
static const Field fields_199[] = { /* io.k8s.api.core.v1.CinderVolumeSource */
    {.name = "volumeID", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[269], .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_199[] = {1, 2, 3, 0};
static const uint16_t wire_199[] = {0, 1, 2, 3};
static const Field fields_200[] = { /* io.k8s.api.core.v1.ClientIPConfig */
    {.name = "timeoutSeconds", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR, .doc = "Seconds after the last connection; up to a day."},
};
static const uint16_t order_200[] = {0};
static const uint16_t wire_200[] = {0};
static const Field fields_201[] = { /* io.k8s.api.core.v1.ClusterTrustBundleProjection */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR},
    {.name = "signerName", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR},
    {.name = "labelSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 5, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_201[] = {2, 0, 3, 4, 1};
static const uint16_t wire_201[] = {0, 1, 2, 4, 3};
static const Field fields_202[] = { /* io.k8s.api.core.v1.ComponentCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.ComponentConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 3, .doc = "A sentence that tells a person why."},
    {.name = "error", .kind = FIELD_STRING, .protobuf = 4},
};
static const uint16_t order_202[] = {3, 2, 1, 0};
static const uint16_t wire_202[] = {0, 1, 2, 3};
static const Field fields_203[] = { /* io.k8s.api.core.v1.ComponentStatus */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_55, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_203[] = {1, 3, 0, 2};
static const uint16_t wire_203[] = {2, 3};
static const Field fields_204[] = { /* io.k8s.api.core.v1.ConfigMap */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "immutable", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .doc = "Whether data may not change any more; once true it stays so."},
    {.name = "data", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 2, .doc = "Texts by name. A name consists of letters, digits, '-', '_' and '.'."},
    {.name = "binaryData", .kind = FIELD_MAP, .elem = &elem_56, .protobuf = 3, .doc = "Bytes by name, in base64; names may not occur in data too."},
};
static const uint16_t order_204[] = {1, 5, 4, 3, 0, 2};
static const uint16_t wire_204[] = {2, 4, 5, 3};
static const Field fields_205[] = { /* io.k8s.api.core.v1.ConfigMapEnvSource */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1 << 16 | 1, .flags = FIELD_INLINE, .doc = "Name of the config map."},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_205[] = {0, 1};
static const uint16_t wire_205[] = {0, 1};
static const Field fields_206[] = { /* io.k8s.api.core.v1.ConfigMapKeySelector */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1 << 16 | 1, .flags = FIELD_INLINE, .doc = "Name of the config map."},
    {.name = "key", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the entry."},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 3, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_206[] = {1, 0, 2};
static const uint16_t wire_206[] = {0, 1, 2};
static const Field fields_207[] = { /* io.k8s.api.core.v1.ConfigMapNodeConfigSource */
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "uid", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 3},
    {.name = "resourceVersion", .kind = FIELD_STRING, .protobuf = 4},
    {.name = "kubeletConfigKey", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_207[] = {4, 1, 0, 3, 2};
static const uint16_t wire_207[] = {0, 1, 2, 3, 4};
static const Field fields_208[] = { /* io.k8s.api.core.v1.ConfigMapProjection */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1 << 16 | 1, .flags = FIELD_INLINE, .doc = "Name of the config map."},
    {.name = "items", .kind = FIELD_LIST, .elem = &elem_57, .protobuf = 2, .doc = "Which entries become which files; all by their names when empty."},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_208[] = {1, 0, 2};
static const uint16_t wire_208[] = {0, 1, 2};
static const Field fields_209[] = { /* io.k8s.api.core.v1.ConfigMapVolumeSource */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1 << 16 | 1, .flags = FIELD_INLINE, .doc = "Name of the config map."},
    {.name = "items", .kind = FIELD_LIST, .elem = &elem_57, .protobuf = 2, .doc = "Which entries become which files; all by their names when empty."},
    {.name = "defaultMode", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR, .deflt = "420", .doc = "Permission bits of the files that name none of their own."},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_209[] = {2, 1, 0, 3};
static const uint16_t wire_209[] = {0, 1, 2, 3};
static const Field fields_210[] = { /* io.k8s.api.core.v1.Container */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the container, unique in its pod."},
    {.name = "image", .kind = FIELD_STRING, .protobuf = 2, .doc = "The image to run, such as registry.example/app:1.2."},
    {.name = "command", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "Program to run instead of the image's entry point. $(NAME) stands for an environment variable."},
    {.name = "args", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Arguments of the program instead of the image's. $(NAME) stands for an environment variable."},
    {.name = "workingDir", .kind = FIELD_STRING, .protobuf = 5, .doc = "Folder that the program starts in; the image's when empty."},
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_58, .protobuf = 6, .list_type = LIST_MAP, .list_map_keys = list_9, .merge_key = "containerPort", .flags = FIELD_PATCH_MERGE, .doc = "Ports that the container listens on. They tell what is there; other ports can be reached too."},
    {.name = "envFrom", .kind = FIELD_LIST, .elem = &elem_59, .protobuf = 19, .doc = "Config maps and secrets whose entries all become environment variables."},
    {.name = "env", .kind = FIELD_LIST, .elem = &elem_60, .protobuf = 7, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Environment variables; they come before those of envFrom."},
    {.name = "resources", .kind = FIELD_OBJECT, .type = &gen_types[346], .protobuf = 8, .flags = FIELD_ALWAYS, .doc = "CPU, memory and other resources that the container asks for and may use."},
    {.name = "resizePolicy", .kind = FIELD_LIST, .elem = &elem_61, .protobuf = 23, .doc = "Whether the container restarts when its resources are changed."},
    {.name = "restartPolicy", .kind = FIELD_STRING, .go_type = "v1.ContainerRestartPolicy", .protobuf = 24, .flags = FIELD_PTR, .doc = "Always makes an init container run beside the others for as long as the pod lives."},
    {.name = "volumeMounts", .kind = FIELD_LIST, .elem = &elem_62, .protobuf = 9, .list_type = LIST_MAP, .list_map_keys = list_10, .merge_key = "mountPath", .flags = FIELD_PATCH_MERGE, .doc = "Where the pod's volumes appear in the container's files."},
    {.name = "volumeDevices", .kind = FIELD_LIST, .elem = &elem_63, .protobuf = 21, .list_type = LIST_MAP, .list_map_keys = list_11, .merge_key = "devicePath", .flags = FIELD_PATCH_MERGE, .doc = "Where the pod's block volumes appear as devices."},
    {.name = "livenessProbe", .kind = FIELD_OBJECT, .type = &gen_types[331], .protobuf = 10, .flags = FIELD_PTR, .doc = "Check whose failure restarts the container."},
    {.name = "readinessProbe", .kind = FIELD_OBJECT, .type = &gen_types[331], .protobuf = 11, .flags = FIELD_PTR, .doc = "Check that decides whether services send traffic to the pod."},
    {.name = "startupProbe", .kind = FIELD_OBJECT, .type = &gen_types[331], .protobuf = 22, .flags = FIELD_PTR, .doc = "Check that must succeed once before the other probes begin."},
    {.name = "lifecycle", .kind = FIELD_OBJECT, .type = &gen_types[261], .protobuf = 12, .flags = FIELD_PTR, .doc = "What to do right after the container starts and before it is stopped."},
    {.name = "terminationMessagePath", .kind = FIELD_STRING, .protobuf = 13, .deflt = "\"/dev/termination-log\"", .doc = "File whose text becomes the message of the ended container."},
    {.name = "terminationMessagePolicy", .kind = FIELD_STRING, .go_type = "v1.TerminationMessagePolicy", .protobuf = 20, .deflt = "\"File\"", .doc = "File, or FallbackToLogsOnError to take the end of the log when the file is empty."},
    {.name = "imagePullPolicy", .kind = FIELD_STRING, .go_type = "v1.PullPolicy", .protobuf = 14, .doc = "When the image is fetched - Always, IfNotPresent or Never. Images tagged latest are always fetched by default."},
    {.name = "securityContext", .kind = FIELD_OBJECT, .type = &gen_types[360], .protobuf = 15, .flags = FIELD_PTR, .doc = "User, capabilities and what else confines the container, before the pod's own settings."},
    {.name = "stdin", .kind = FIELD_BOOL, .protobuf = 16, .doc = "Whether standard input stays open."},
    {.name = "stdinOnce", .kind = FIELD_BOOL, .protobuf = 17, .doc = "Whether standard input closes after the first client that attached has left."},
    {.name = "tty", .kind = FIELD_BOOL, .protobuf = 18, .doc = "Whether the container gets a terminal."},
    {.name = "restartPolicyRules", .kind = FIELD_LIST, .elem = &elem_64, .protobuf = 25, .doc = "Rules that decide by exit code whether the container is started again."},
};
static const uint16_t order_210[] = {3, 2, 7, 6, 1, 19, 16, 13, 0, 5, 14, 9, 8, 10, 24, 20, 15, 21, 22, 17, 18, 23, 12, 11, 4};
static const uint16_t wire_210[] = {0, 1, 2, 3, 4, 5, 7, 8, 11, 13, 14, 16, 17, 19, 20, 21, 22, 23, 6, 18, 12, 15, 9, 10, 24};
static const Field fields_211[] = { /* io.k8s.api.core.v1.ContainerExtendedResourceRequest */
    {.name = "containerName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resourceName", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "requestName", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_211[] = {0, 2, 1};
static const uint16_t wire_211[] = {0, 1, 2};
static const Field fields_212[] = { /* io.k8s.api.core.v1.ContainerImage */
    {.name = "names", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Names of the image."},
    {.name = "sizeBytes", .kind = FIELD_INT64, .protobuf = 2, .doc = "Size of the image."},
};
static const uint16_t order_212[] = {0, 1};
static const uint16_t wire_212[] = {0, 1};
static const Field fields_213[] = { /* io.k8s.api.core.v1.ContainerPort */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the port, for services to refer to; unique in the pod."},
    {.name = "hostPort", .kind = FIELD_INT32, .protobuf = 2, .doc = "Port of the node that leads to this one; few pods need it."},
    {.name = "containerPort", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Number of the port."},
    {.name = "protocol", .kind = FIELD_STRING, .go_type = "v1.Protocol", .protobuf = 4, .deflt = "\"TCP\"", .doc = "TCP, UDP or SCTP."},
    {.name = "hostIP", .kind = FIELD_STRING, .protobuf = 5, .doc = "Address of the node that hostPort is bound to."},
};
static const uint16_t order_213[] = {2, 4, 1, 0, 3};
static const uint16_t wire_213[] = {0, 1, 2, 3, 4};
static const Field fields_214[] = { /* io.k8s.api.core.v1.ContainerResizePolicy */
    {.name = "resourceName", .kind = FIELD_STRING, .go_type = "v1.ResourceName", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "cpu or memory."},
    {.name = "restartPolicy", .kind = FIELD_STRING, .go_type = "v1.ResourceResizeRestartPolicy", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "NotRequired or RestartContainer."},
};
static const uint16_t order_214[] = {0, 1};
static const uint16_t wire_214[] = {0, 1};
static const Field fields_215[] = { /* io.k8s.api.core.v1.ContainerRestartRule */
    {.name = "action", .kind = FIELD_STRING, .go_type = "v1.ContainerRestartRuleAction", .protobuf = 1, .flags = FIELD_REQUIRED},
    {.name = "exitCodes", .kind = FIELD_OBJECT, .type = &gen_types[216], .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_215[] = {0, 1};
static const uint16_t wire_215[] = {0, 1};
static const Field fields_216[] = { /* io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes */
    {.name = "operator", .kind = FIELD_STRING, .go_type = "v1.ContainerRestartRuleOnExitCodesOperator", .protobuf = 1, .flags = FIELD_REQUIRED},
    {.name = "values", .kind = FIELD_LIST, .elem = &elem_48, .protobuf = 2, .list_type = LIST_SET},
};
static const uint16_t order_216[] = {0, 1};
static const uint16_t wire_216[] = {0, 1};
static const Field fields_217[] = { /* io.k8s.api.core.v1.ContainerState */
    {.name = "waiting", .kind = FIELD_OBJECT, .type = &gen_types[220], .protobuf = 1, .flags = FIELD_PTR, .doc = "It is not started yet, or waits to be started again."},
    {.name = "running", .kind = FIELD_OBJECT, .type = &gen_types[218], .protobuf = 2, .flags = FIELD_PTR, .doc = "It runs."},
    {.name = "terminated", .kind = FIELD_OBJECT, .type = &gen_types[219], .protobuf = 3, .flags = FIELD_PTR, .doc = "It has ended."},
};
static const uint16_t order_217[] = {1, 2, 0};
static const uint16_t wire_217[] = {0, 1, 2};
static const Field fields_218[] = { /* io.k8s.api.core.v1.ContainerStateRunning */
    {.name = "startedAt", .kind = FIELD_TIME, .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "When it was started."},
};
static const uint16_t order_218[] = {0};
static const uint16_t wire_218[] = {0};
static const Field fields_219[] = { /* io.k8s.api.core.v1.ContainerStateTerminated */
    {.name = "exitCode", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Exit status of its program."},
    {.name = "signal", .kind = FIELD_INT32, .protobuf = 2, .doc = "Signal that ended it."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 3, .doc = "Why it ended, in one word, such as Completed, Error or OOMKilled."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 4, .doc = "What it left as its last words."},
    {.name = "startedAt", .kind = FIELD_TIME, .protobuf = 5, .flags = FIELD_ALWAYS, .doc = "When it was started."},
    {.name = "finishedAt", .kind = FIELD_TIME, .protobuf = 6, .flags = FIELD_ALWAYS, .doc = "When it ended."},
    {.name = "containerID", .kind = FIELD_STRING, .protobuf = 7, .doc = "Its identity at the runtime."},
};
static const uint16_t order_219[] = {6, 0, 5, 3, 2, 1, 4};
static const uint16_t wire_219[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_220[] = { /* io.k8s.api.core.v1.ContainerStateWaiting */
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 1, .doc = "Why, in one word, such as ImagePullBackOff."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 2, .doc = "Why, in a sentence."},
};
static const uint16_t order_220[] = {1, 0};
static const uint16_t wire_220[] = {0, 1};
static const Field fields_221[] = { /* io.k8s.api.core.v1.ContainerStatus */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the container."},
    {.name = "state", .kind = FIELD_OBJECT, .type = &gen_types[217], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "What it is doing now."},
    {.name = "lastState", .kind = FIELD_OBJECT, .type = &gen_types[217], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "How its previous run ended."},
    {.name = "ready", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether its readiness probe succeeds."},
    {.name = "restartCount", .kind = FIELD_INT32, .protobuf = 5, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How often it was started again."},
    {.name = "image", .kind = FIELD_STRING, .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The image that runs."},
    {.name = "imageID", .kind = FIELD_STRING, .protobuf = 7, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The image's digest."},
    {.name = "containerID", .kind = FIELD_STRING, .protobuf = 8, .doc = "Its identity at the runtime, with the runtime's name before it."},
    {.name = "started", .kind = FIELD_BOOL, .protobuf = 9, .flags = FIELD_PTR, .doc = "Whether it has started and its startup probe has succeeded."},
    {.name = "allocatedResources", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 10, .doc = "The requests that the node has granted."},
    {.name = "resources", .kind = FIELD_OBJECT, .type = &gen_types[346], .protobuf = 11, .flags = FIELD_PTR, .doc = "The requests and limits that are in force."},
    {.name = "volumeMounts", .kind = FIELD_LIST, .elem = &elem_65, .protobuf = 12, .list_type = LIST_MAP, .list_map_keys = list_10, .merge_key = "mountPath", .flags = FIELD_PATCH_MERGE, .doc = "How its volumes are mounted."},
    {.name = "user", .kind = FIELD_OBJECT, .type = &gen_types[222], .protobuf = 13, .flags = FIELD_PTR, .doc = "The user that its first process runs as."},
    {.name = "allocatedResourcesStatus", .kind = FIELD_LIST, .elem = &elem_66, .protobuf = 14, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE},
    {.name = "stopSignal", .kind = FIELD_STRING, .go_type = "v1.Signal", .protobuf = 15, .flags = FIELD_PTR},
};
static const uint16_t order_221[] = {9, 13, 7, 5, 6, 2, 0, 3, 10, 4, 8, 1, 14, 12, 11};
static const uint16_t wire_221[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
static const Field fields_222[] = { /* io.k8s.api.core.v1.ContainerUser */
    {.name = "linux", .kind = FIELD_OBJECT, .type = &gen_types[266], .protobuf = 1, .flags = FIELD_PTR},
};
static const uint16_t order_222[] = {0};
static const uint16_t wire_222[] = {0};
static const Field fields_223[] = { /* io.k8s.api.core.v1.DaemonEndpoint */
    {.name = "Port", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_223[] = {0};
static const uint16_t wire_223[] = {0};
static const Field fields_224[] = { /* io.k8s.api.core.v1.DownwardAPIProjection */
    {.name = "items", .kind = FIELD_LIST, .elem = &elem_67, .protobuf = 1, .doc = "The files."},
};
static const uint16_t order_224[] = {0};
static const uint16_t wire_224[] = {0};
static const Field fields_225[] = { /* io.k8s.api.core.v1.DownwardAPIVolumeFile */
    {.name = "path", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Path of the file inside the volume."},
    {.name = "fieldRef", .kind = FIELD_OBJECT, .type = &gen_types[295], .protobuf = 2, .flags = FIELD_PTR, .doc = "The field of the pod - labels, annotations, name, namespace or uid."},
    {.name = "resourceFieldRef", .kind = FIELD_OBJECT, .type = &gen_types[341], .protobuf = 3, .flags = FIELD_PTR, .doc = "A limit or request of a container."},
    {.name = "mode", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_PTR, .doc = "Permission bits of the file."},
};
static const uint16_t order_225[] = {1, 3, 0, 2};
static const uint16_t wire_225[] = {0, 1, 2, 3};
static const Field fields_226[] = { /* io.k8s.api.core.v1.DownwardAPIVolumeSource */
    {.name = "items", .kind = FIELD_LIST, .elem = &elem_67, .protobuf = 1, .doc = "The files."},
    {.name = "defaultMode", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR, .deflt = "420", .doc = "Permission bits of the files that name none of their own."},
};
static const uint16_t order_226[] = {1, 0};
static const uint16_t wire_226[] = {0, 1};
static const Field fields_227[] = { /* io.k8s.api.core.v1.EmptyDirVolumeSource */
    {.name = "medium", .kind = FIELD_STRING, .go_type = "v1.StorageMedium", .protobuf = 1, .doc = "Empty for the node's disk, Memory for a file system in memory."},
    {.name = "sizeLimit", .kind = FIELD_QUANTITY, .protobuf = 2, .flags = FIELD_PTR, .doc = "How much it may hold."},
};
static const uint16_t order_227[] = {0, 1};
static const uint16_t wire_227[] = {0, 1};
static const Field fields_228[] = { /* io.k8s.api.core.v1.EndpointAddress */
    {.name = "ip", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The address."},
    {.name = "hostname", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name of the host."},
    {.name = "nodeName", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR, .doc = "Node that the address is on."},
    {.name = "targetRef", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 2, .flags = FIELD_PTR, .doc = "The pod that has the address."},
};
static const uint16_t order_228[] = {1, 0, 2, 3};
static const uint16_t wire_228[] = {0, 3, 1, 2};
static const Field fields_229[] = { /* io.k8s.api.core.v1.EndpointPort */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the service's port."},
    {.name = "port", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Number of the port."},
    {.name = "protocol", .kind = FIELD_STRING, .go_type = "v1.Protocol", .protobuf = 3, .doc = "TCP, UDP or SCTP."},
    {.name = "appProtocol", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR, .doc = "What is spoken on it, such as https."},
};
static const uint16_t order_229[] = {3, 0, 1, 2};
static const uint16_t wire_229[] = {0, 1, 2, 3};
static const Field fields_230[] = { /* io.k8s.api.core.v1.EndpointSubset */
    {.name = "addresses", .kind = FIELD_LIST, .elem = &elem_68, .protobuf = 1, .doc = "Those that are ready."},
    {.name = "notReadyAddresses", .kind = FIELD_LIST, .elem = &elem_68, .protobuf = 2, .doc = "Those that are not ready."},
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_69, .protobuf = 3, .doc = "Their ports."},
};
static const uint16_t order_230[] = {0, 1, 2};
static const uint16_t wire_230[] = {0, 1, 2};
static const Field fields_231[] = { /* io.k8s.api.core.v1.Endpoints */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "subsets", .kind = FIELD_LIST, .elem = &elem_70, .protobuf = 2, .doc = "Groups of addresses with the same ports."},
};
static const uint16_t order_231[] = {1, 0, 2, 3};
static const uint16_t wire_231[] = {2, 3};
static const Field fields_232[] = { /* io.k8s.api.core.v1.EnvFromSource */
    {.name = "prefix", .kind = FIELD_STRING, .protobuf = 1, .doc = "Text put before every name."},
    {.name = "configMapRef", .kind = FIELD_OBJECT, .type = &gen_types[205], .protobuf = 2, .flags = FIELD_PTR, .doc = "The config map."},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[355], .protobuf = 3, .flags = FIELD_PTR, .doc = "The secret."},
};
static const uint16_t order_232[] = {1, 0, 2};
static const uint16_t wire_232[] = {0, 1, 2};
static const Field fields_233[] = { /* io.k8s.api.core.v1.EnvVar */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the variable."},
    {.name = "value", .kind = FIELD_STRING, .protobuf = 2, .doc = "Its value. $(NAME) stands for a variable that is set before it; $$ for a dollar."},
    {.name = "valueFrom", .kind = FIELD_OBJECT, .type = &gen_types[234], .protobuf = 3, .flags = FIELD_PTR, .doc = "Where its value comes from; not together with value."},
};
static const uint16_t order_233[] = {0, 1, 2};
static const uint16_t wire_233[] = {0, 1, 2};
static const Field fields_234[] = { /* io.k8s.api.core.v1.EnvVarSource */
    {.name = "fieldRef", .kind = FIELD_OBJECT, .type = &gen_types[295], .protobuf = 1, .flags = FIELD_PTR, .doc = "A field of the pod."},
    {.name = "resourceFieldRef", .kind = FIELD_OBJECT, .type = &gen_types[341], .protobuf = 2, .flags = FIELD_PTR, .doc = "A limit or request of a container."},
    {.name = "configMapKeyRef", .kind = FIELD_OBJECT, .type = &gen_types[206], .protobuf = 3, .flags = FIELD_PTR, .doc = "An entry of a config map."},
    {.name = "secretKeyRef", .kind = FIELD_OBJECT, .type = &gen_types[356], .protobuf = 4, .flags = FIELD_PTR, .doc = "An entry of a secret."},
    {.name = "fileKeyRef", .kind = FIELD_OBJECT, .type = &gen_types[242], .protobuf = 5, .flags = FIELD_PTR, .doc = "An entry of a file in a volume."},
};
static const uint16_t order_234[] = {2, 0, 4, 1, 3};
static const uint16_t wire_234[] = {0, 1, 2, 3, 4};
static const Field fields_235[] = { /* io.k8s.api.core.v1.EphemeralContainer */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1 << 16 | 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS | FIELD_INLINE, .doc = "Name of the container, unique in its pod."},
    {.name = "image", .kind = FIELD_STRING, .protobuf = 1 << 16 | 2, .flags = FIELD_INLINE, .doc = "The image to run, such as registry.example/app:1.2."},
    {.name = "command", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1 << 16 | 3, .flags = FIELD_INLINE, .doc = "Program to run instead of the image's entry point. $(NAME) stands for an environment variable."},
    {.name = "args", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1 << 16 | 4, .flags = FIELD_INLINE, .doc = "Arguments of the program instead of the image's. $(NAME) stands for an environment variable."},
    {.name = "workingDir", .kind = FIELD_STRING, .protobuf = 1 << 16 | 5, .flags = FIELD_INLINE, .doc = "Folder that the program starts in; the image's when empty."},
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_58, .protobuf = 1 << 16 | 6, .list_type = LIST_MAP, .list_map_keys = list_9, .merge_key = "containerPort", .flags = FIELD_INLINE | FIELD_PATCH_MERGE, .doc = "Ports that the container listens on. They tell what is there; other ports can be reached too."},
    {.name = "envFrom", .kind = FIELD_LIST, .elem = &elem_59, .protobuf = 1 << 16 | 19, .flags = FIELD_INLINE, .doc = "Config maps and secrets whose entries all become environment variables."},
    {.name = "env", .kind = FIELD_LIST, .elem = &elem_60, .protobuf = 1 << 16 | 7, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_INLINE | FIELD_PATCH_MERGE, .doc = "Environment variables; they come before those of envFrom."},
    {.name = "resources", .kind = FIELD_OBJECT, .type = &gen_types[346], .protobuf = 1 << 16 | 8, .flags = FIELD_ALWAYS | FIELD_INLINE, .doc = "CPU, memory and other resources that the container asks for and may use."},
    {.name = "resizePolicy", .kind = FIELD_LIST, .elem = &elem_61, .protobuf = 1 << 16 | 23, .flags = FIELD_INLINE, .doc = "Whether the container restarts when its resources are changed."},
    {.name = "restartPolicy", .kind = FIELD_STRING, .go_type = "v1.ContainerRestartPolicy", .protobuf = 1 << 16 | 24, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Always makes an init container run beside the others for as long as the pod lives."},
    {.name = "volumeMounts", .kind = FIELD_LIST, .elem = &elem_62, .protobuf = 1 << 16 | 9, .list_type = LIST_MAP, .list_map_keys = list_10, .merge_key = "mountPath", .flags = FIELD_INLINE | FIELD_PATCH_MERGE, .doc = "Where the pod's volumes appear in the container's files."},
    {.name = "volumeDevices", .kind = FIELD_LIST, .elem = &elem_63, .protobuf = 1 << 16 | 21, .list_type = LIST_MAP, .list_map_keys = list_11, .merge_key = "devicePath", .flags = FIELD_INLINE | FIELD_PATCH_MERGE, .doc = "Where the pod's block volumes appear as devices."},
    {.name = "livenessProbe", .kind = FIELD_OBJECT, .type = &gen_types[331], .protobuf = 1 << 16 | 10, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Check whose failure restarts the container."},
    {.name = "readinessProbe", .kind = FIELD_OBJECT, .type = &gen_types[331], .protobuf = 1 << 16 | 11, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Check that decides whether services send traffic to the pod."},
    {.name = "startupProbe", .kind = FIELD_OBJECT, .type = &gen_types[331], .protobuf = 1 << 16 | 22, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Check that must succeed once before the other probes begin."},
    {.name = "lifecycle", .kind = FIELD_OBJECT, .type = &gen_types[261], .protobuf = 1 << 16 | 12, .flags = FIELD_PTR | FIELD_INLINE, .doc = "What to do right after the container starts and before it is stopped."},
    {.name = "terminationMessagePath", .kind = FIELD_STRING, .protobuf = 1 << 16 | 13, .flags = FIELD_INLINE, .deflt = "\"/dev/termination-log\"", .doc = "File whose text becomes the message of the ended container."},
    {.name = "terminationMessagePolicy", .kind = FIELD_STRING, .go_type = "v1.TerminationMessagePolicy", .protobuf = 1 << 16 | 20, .flags = FIELD_INLINE, .deflt = "\"File\"", .doc = "File, or FallbackToLogsOnError to take the end of the log when the file is empty."},
    {.name = "imagePullPolicy", .kind = FIELD_STRING, .go_type = "v1.PullPolicy", .protobuf = 1 << 16 | 14, .flags = FIELD_INLINE, .doc = "When the image is fetched - Always, IfNotPresent or Never. Images tagged latest are always fetched by default."},
    {.name = "securityContext", .kind = FIELD_OBJECT, .type = &gen_types[360], .protobuf = 1 << 16 | 15, .flags = FIELD_PTR | FIELD_INLINE, .doc = "User, capabilities and what else confines the container, before the pod's own settings."},
    {.name = "stdin", .kind = FIELD_BOOL, .protobuf = 1 << 16 | 16, .flags = FIELD_INLINE, .doc = "Whether standard input stays open."},
    {.name = "stdinOnce", .kind = FIELD_BOOL, .protobuf = 1 << 16 | 17, .flags = FIELD_INLINE, .doc = "Whether standard input closes after the first client that attached has left."},
    {.name = "tty", .kind = FIELD_BOOL, .protobuf = 1 << 16 | 18, .flags = FIELD_INLINE, .doc = "Whether the container gets a terminal."},
    {.name = "targetContainerName", .kind = FIELD_STRING, .protobuf = 2, .doc = "The container whose processes it can see."},
    {.name = "restartPolicyRules", .kind = FIELD_LIST, .elem = &elem_64, .protobuf = 1 << 16 | 25, .flags = FIELD_INLINE, .doc = "Rules that decide by exit code whether the container is started again."},
};
static const uint16_t order_235[] = {3, 2, 7, 6, 1, 19, 16, 13, 0, 5, 14, 9, 8, 10, 25, 20, 15, 21, 22, 24, 17, 18, 23, 12, 11, 4};
static const uint16_t wire_235[] = {0, 1, 2, 3, 4, 5, 7, 8, 11, 13, 14, 16, 17, 19, 20, 21, 22, 23, 6, 18, 12, 15, 9, 10, 25, 24};
static const Field fields_236[] = { /* io.k8s.api.core.v1.EphemeralVolumeSource */
    {.name = "volumeClaimTemplate", .kind = FIELD_OBJECT, .type = &gen_types[302], .protobuf = 1, .flags = FIELD_PTR, .doc = "The claim."},
};
static const uint16_t order_236[] = {0};
static const uint16_t wire_236[] = {0};
static const Field fields_237[] = { /* io.k8s.api.core.v1.Event */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "involvedObject", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The object."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 3, .doc = "What happened, in one word."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 4, .doc = "What happened, in a sentence."},
    {.name = "source", .kind = FIELD_OBJECT, .type = &gen_types[239], .protobuf = 5, .flags = FIELD_ALWAYS, .doc = "The component that reports it."},
    {.name = "firstTimestamp", .kind = FIELD_TIME, .protobuf = 6, .flags = FIELD_ALWAYS, .doc = "When it happened first."},
    {.name = "lastTimestamp", .kind = FIELD_TIME, .protobuf = 7, .flags = FIELD_ALWAYS, .doc = "When it happened last."},
    {.name = "count", .kind = FIELD_INT32, .protobuf = 8, .doc = "How often it happened."},
    {.name = "type", .kind = FIELD_STRING, .protobuf = 9, .doc = "Normal or Warning."},
    {.name = "eventTime", .kind = FIELD_MICRO_TIME, .protobuf = 10, .flags = FIELD_ALWAYS, .doc = "When it was first noticed."},
    {.name = "series", .kind = FIELD_OBJECT, .type = &gen_types[238], .protobuf = 11, .flags = FIELD_PTR, .doc = "About events that keep happening."},
    {.name = "action", .kind = FIELD_STRING, .protobuf = 12, .doc = "What was done about the object."},
    {.name = "related", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 13, .flags = FIELD_PTR, .doc = "Another object that has to do with it."},
    {.name = "reportingComponent", .kind = FIELD_STRING, .protobuf = 14, .flags = FIELD_ALWAYS, .doc = "Name of the controller that reports it."},
    {.name = "reportingInstance", .kind = FIELD_STRING, .protobuf = 15, .flags = FIELD_ALWAYS, .doc = "Which instance of the controller."},
};
static const uint16_t order_237[] = {13, 1, 9, 11, 7, 3, 0, 8, 5, 2, 4, 14, 15, 16, 12, 6, 10};
static const uint16_t wire_237[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const Field fields_238[] = { /* io.k8s.api.core.v1.EventSeries */
    {.name = "count", .kind = FIELD_INT32, .protobuf = 1, .doc = "How often so far."},
    {.name = "lastObservedTime", .kind = FIELD_MICRO_TIME, .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "When last."},
};
static const uint16_t order_238[] = {0, 1};
static const uint16_t wire_238[] = {0, 1};
static const Field fields_239[] = { /* io.k8s.api.core.v1.EventSource */
    {.name = "component", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the component."},
    {.name = "host", .kind = FIELD_STRING, .protobuf = 2, .doc = "Node that it runs on."},
};
static const uint16_t order_239[] = {0, 1};
static const uint16_t wire_239[] = {0, 1};
static const Field fields_240[] = { /* io.k8s.api.core.v1.ExecAction */
    {.name = "command", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .doc = "Program and arguments; no shell is involved."},
};
static const uint16_t order_240[] = {0};
static const uint16_t wire_240[] = {0};
static const Field fields_241[] = { /* io.k8s.api.core.v1.FCVolumeSource */
    {.name = "targetWWNs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1},
    {.name = "lun", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether it is mounted for reading only."},
    {.name = "wwids", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5},
};
static const uint16_t order_241[] = {2, 1, 3, 0, 4};
static const uint16_t wire_241[] = {0, 1, 2, 3, 4};
static const Field fields_242[] = { /* io.k8s.api.core.v1.FileKeySelector */
    {.name = "volumeName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "key", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .deflt = "false", .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_242[] = {2, 3, 1, 0};
static const uint16_t wire_242[] = {0, 1, 2, 3};
static const Field fields_243[] = { /* io.k8s.api.core.v1.FlexPersistentVolumeSource */
    {.name = "driver", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether it is mounted for reading only."},
    {.name = "options", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 5},
};
static const uint16_t order_243[] = {0, 1, 4, 3, 2};
static const uint16_t wire_243[] = {0, 1, 2, 3, 4};
static const Field fields_244[] = { /* io.k8s.api.core.v1.FlexVolumeSource */
    {.name = "driver", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[269], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether it is mounted for reading only."},
    {.name = "options", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 5},
};
static const uint16_t order_244[] = {0, 1, 4, 3, 2};
static const uint16_t wire_244[] = {0, 1, 2, 3, 4};
static const Field fields_245[] = { /* io.k8s.api.core.v1.FlockerVolumeSource */
    {.name = "datasetName", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "datasetUUID", .kind = FIELD_STRING, .protobuf = 2},
};
static const uint16_t order_245[] = {0, 1};
static const uint16_t wire_245[] = {0, 1};
static const Field fields_246[] = { /* io.k8s.api.core.v1.GCEPersistentDiskVolumeSource */
    {.name = "pdName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "partition", .kind = FIELD_INT32, .protobuf = 3},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_246[] = {1, 2, 0, 3};
static const uint16_t wire_246[] = {0, 1, 2, 3};
static const Field fields_247[] = { /* io.k8s.api.core.v1.GRPCAction */
    {.name = "port", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Number of the port."},
    {.name = "service", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR | FIELD_ALWAYS, .deflt = "\"\"", .doc = "Name to ask the health service for."},
};
static const uint16_t order_247[] = {0, 1};
static const uint16_t wire_247[] = {0, 1};
static const Field fields_248[] = { /* io.k8s.api.core.v1.GitRepoVolumeSource */
    {.name = "repository", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "revision", .kind = FIELD_STRING, .protobuf = 2},
    {.name = "directory", .kind = FIELD_STRING, .protobuf = 3},
};
static const uint16_t order_248[] = {2, 0, 1};
static const uint16_t wire_248[] = {0, 1, 2};
static const Field fields_249[] = { /* io.k8s.api.core.v1.GlusterfsPersistentVolumeSource */
    {.name = "endpoints", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
    {.name = "endpointsNamespace", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_249[] = {0, 3, 1, 2};
static const uint16_t wire_249[] = {0, 1, 2, 3};
static const Field fields_250[] = { /* io.k8s.api.core.v1.GlusterfsVolumeSource */
    {.name = "endpoints", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_250[] = {0, 1, 2};
static const uint16_t wire_250[] = {0, 1, 2};
static const Field fields_251[] = { /* io.k8s.api.core.v1.HTTPGetAction */
    {.name = "path", .kind = FIELD_STRING, .protobuf = 1, .deflt = "\"/\"", .doc = "Path to ask for."},
    {.name = "port", .kind = FIELD_INT_OR_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Number or name of the port."},
    {.name = "host", .kind = FIELD_STRING, .protobuf = 3, .doc = "Host to ask instead of the pod."},
    {.name = "scheme", .kind = FIELD_STRING, .go_type = "v1.URIScheme", .protobuf = 4, .deflt = "\"HTTP\"", .doc = "HTTP or HTTPS."},
    {.name = "httpHeaders", .kind = FIELD_LIST, .elem = &elem_71, .protobuf = 5, .doc = "Headers to send."},
};
static const uint16_t order_251[] = {2, 4, 0, 1, 3};
static const uint16_t wire_251[] = {0, 1, 2, 3, 4};
static const Field fields_252[] = { /* io.k8s.api.core.v1.HTTPHeader */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "value", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its value."},
};
static const uint16_t order_252[] = {0, 1};
static const uint16_t wire_252[] = {0, 1};
static const Field fields_253[] = { /* io.k8s.api.core.v1.HostAlias */
    {.name = "ip", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The address."},
    {.name = "hostnames", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Names of the address."},
};
static const uint16_t order_253[] = {1, 0};
static const uint16_t wire_253[] = {0, 1};
static const Field fields_254[] = { /* io.k8s.api.core.v1.HostIP */
    {.name = "ip", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The address."},
};
static const uint16_t order_254[] = {0};
static const uint16_t wire_254[] = {0};
static const Field fields_255[] = { /* io.k8s.api.core.v1.HostPathVolumeSource */
    {.name = "path", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its path on the node."},
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.HostPathType", .protobuf = 2, .flags = FIELD_PTR, .deflt = "\"\"", .doc = "What must be there, or is made when it is not, such as Directory or DirectoryOrCreate."},
};
static const uint16_t order_255[] = {0, 1};
static const uint16_t wire_255[] = {0, 1};
static const Field fields_256[] = { /* io.k8s.api.core.v1.ISCSIPersistentVolumeSource */
    {.name = "targetPortal", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "iqn", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "lun", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "iscsiInterface", .kind = FIELD_STRING, .protobuf = 4, .deflt = "\"default\""},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 5, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 6, .doc = "Whether it is mounted for reading only."},
    {.name = "portals", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 7},
    {.name = "chapAuthDiscovery", .kind = FIELD_BOOL, .protobuf = 8},
    {.name = "chapAuthSession", .kind = FIELD_BOOL, .protobuf = 11},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 10, .flags = FIELD_PTR},
    {.name = "initiatorName", .kind = FIELD_STRING, .protobuf = 12, .flags = FIELD_PTR},
};
static const uint16_t order_256[] = {7, 8, 4, 10, 1, 3, 2, 6, 5, 9, 0};
static const uint16_t wire_256[] = {0, 1, 2, 3, 4, 5, 6, 7, 9, 8, 10};
static const Field fields_257[] = { /* io.k8s.api.core.v1.ISCSIVolumeSource */
    {.name = "targetPortal", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "iqn", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "lun", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "iscsiInterface", .kind = FIELD_STRING, .protobuf = 4, .deflt = "\"default\""},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 5, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 6, .doc = "Whether it is mounted for reading only."},
    {.name = "portals", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 7},
    {.name = "chapAuthDiscovery", .kind = FIELD_BOOL, .protobuf = 8},
    {.name = "chapAuthSession", .kind = FIELD_BOOL, .protobuf = 11},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[269], .protobuf = 10, .flags = FIELD_PTR},
    {.name = "initiatorName", .kind = FIELD_STRING, .protobuf = 12, .flags = FIELD_PTR},
};
static const uint16_t order_257[] = {7, 8, 4, 10, 1, 3, 2, 6, 5, 9, 0};
static const uint16_t wire_257[] = {0, 1, 2, 3, 4, 5, 6, 7, 9, 8, 10};
static const Field fields_258[] = { /* io.k8s.api.core.v1.ImageVolumeSource */
    {.name = "reference", .kind = FIELD_STRING, .protobuf = 1, .doc = "The image."},
    {.name = "pullPolicy", .kind = FIELD_STRING, .go_type = "v1.PullPolicy", .protobuf = 2, .doc = "When the image is fetched - Always, IfNotPresent or Never."},
};
static const uint16_t order_258[] = {1, 0};
static const uint16_t wire_258[] = {0, 1};
static const Field fields_259[] = { /* io.k8s.api.core.v1.ImageVolumeStatus */
    {.name = "imageRef", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED},
};
static const uint16_t order_259[] = {0};
static const uint16_t wire_259[] = {0};
static const Field fields_260[] = { /* io.k8s.api.core.v1.KeyToPath */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the entry."},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Path of the file inside the volume."},
    {.name = "mode", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR, .doc = "Permission bits of the file."},
};
static const uint16_t order_260[] = {0, 2, 1};
static const uint16_t wire_260[] = {0, 1, 2};
static const Field fields_261[] = { /* io.k8s.api.core.v1.Lifecycle */
    {.name = "postStart", .kind = FIELD_OBJECT, .type = &gen_types[262], .protobuf = 1, .flags = FIELD_PTR, .doc = "Runs right after the start; a failure stops the container."},
    {.name = "preStop", .kind = FIELD_OBJECT, .type = &gen_types[262], .protobuf = 2, .flags = FIELD_PTR, .doc = "Runs before the container is asked to stop, within its grace period."},
    {.name = "stopSignal", .kind = FIELD_STRING, .go_type = "v1.Signal", .protobuf = 3, .flags = FIELD_PTR, .doc = "Signal that asks the container to stop."},
};
static const uint16_t order_261[] = {0, 1, 2};
static const uint16_t wire_261[] = {0, 1, 2};
static const Field fields_262[] = { /* io.k8s.api.core.v1.LifecycleHandler */
    {.name = "exec", .kind = FIELD_OBJECT, .type = &gen_types[240], .protobuf = 1, .flags = FIELD_PTR, .doc = "Run a command in the container."},
    {.name = "httpGet", .kind = FIELD_OBJECT, .type = &gen_types[251], .protobuf = 2, .flags = FIELD_PTR, .doc = "Send an HTTP request."},
    {.name = "tcpSocket", .kind = FIELD_OBJECT, .type = &gen_types[372], .protobuf = 3, .flags = FIELD_PTR, .doc = "Kept for old objects; does nothing."},
    {.name = "sleep", .kind = FIELD_OBJECT, .type = &gen_types[368], .protobuf = 4, .flags = FIELD_PTR, .doc = "Wait."},
};
static const uint16_t order_262[] = {0, 1, 3, 2};
static const uint16_t wire_262[] = {0, 1, 2, 3};
static const Field fields_263[] = { /* io.k8s.api.core.v1.LimitRange */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[265], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The limits."},
};
static const uint16_t order_263[] = {1, 0, 2, 3};
static const uint16_t wire_263[] = {2, 3};
static const Field fields_264[] = { /* io.k8s.api.core.v1.LimitRangeItem */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.LimitType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Container, Pod or PersistentVolumeClaim."},
    {.name = "max", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 2, .doc = "The most of each resource."},
    {.name = "min", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 3, .doc = "The least of each resource."},
    {.name = "default", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 4, .doc = "Limits of containers that name none."},
    {.name = "defaultRequest", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 5, .doc = "Requests of containers that name none."},
    {.name = "maxLimitRequestRatio", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 6, .doc = "How many times the request a limit may be."},
};
static const uint16_t order_264[] = {3, 4, 1, 5, 2, 0};
static const uint16_t wire_264[] = {0, 1, 2, 3, 4, 5};
static const Field fields_265[] = { /* io.k8s.api.core.v1.LimitRangeSpec */
    {.name = "limits", .kind = FIELD_LIST, .elem = &elem_72, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The limits."},
};
static const uint16_t order_265[] = {0};
static const uint16_t wire_265[] = {0};
static const Field fields_266[] = { /* io.k8s.api.core.v1.LinuxContainerUser */
    {.name = "uid", .kind = FIELD_INT64, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "gid", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "supplementalGroups", .kind = FIELD_LIST, .elem = &elem_73, .protobuf = 3},
};
static const uint16_t order_266[] = {1, 2, 0};
static const uint16_t wire_266[] = {0, 1, 2};
static const Field fields_267[] = { /* io.k8s.api.core.v1.LoadBalancerIngress */
    {.name = "ip", .kind = FIELD_STRING, .protobuf = 1, .doc = "Its address."},
    {.name = "hostname", .kind = FIELD_STRING, .protobuf = 2, .doc = "Its name."},
    {.name = "ipMode", .kind = FIELD_STRING, .go_type = "v1.LoadBalancerIPMode", .protobuf = 3, .flags = FIELD_PTR, .doc = "VIP or Proxy; how traffic reaches the nodes."},
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_74, .protobuf = 4, .doc = "State of its ports."},
};
static const uint16_t order_267[] = {1, 0, 2, 3};
static const uint16_t wire_267[] = {0, 1, 2, 3};
static const Field fields_268[] = { /* io.k8s.api.core.v1.LoadBalancerStatus */
    {.name = "ingress", .kind = FIELD_LIST, .elem = &elem_75, .protobuf = 1, .doc = "Where it takes traffic."},
};
static const uint16_t order_268[] = {0};
static const uint16_t wire_268[] = {0};
static const Field fields_269[] = { /* io.k8s.api.core.v1.LocalObjectReference */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the object."},
};
static const uint16_t order_269[] = {0};
static const uint16_t wire_269[] = {0};
static const Field fields_270[] = { /* io.k8s.api.core.v1.LocalVolumeSource */
    {.name = "path", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its path on the node."},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR, .doc = "Name of the file system to mount, such as ext4 or xfs."},
};
static const uint16_t order_270[] = {1, 0};
static const uint16_t wire_270[] = {0, 1};
static const Field fields_271[] = { /* io.k8s.api.core.v1.ModifyVolumeStatus */
    {.name = "targetVolumeAttributesClassName", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeClaimModifyVolumeStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_271[] = {1, 0};
static const uint16_t wire_271[] = {0, 1};
static const Field fields_272[] = { /* io.k8s.api.core.v1.NFSVolumeSource */
    {.name = "server", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name or address of the server."},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Path that the server exports."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_272[] = {1, 2, 0};
static const uint16_t wire_272[] = {0, 1, 2};
static const Field fields_273[] = { /* io.k8s.api.core.v1.Namespace */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[275], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[276], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_273[] = {1, 0, 2, 3, 4};
static const uint16_t wire_273[] = {2, 3, 4};
static const Field fields_274[] = { /* io.k8s.api.core.v1.NamespaceCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.NamespaceConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 5, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 6, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_274[] = {2, 4, 3, 1, 0};
static const uint16_t wire_274[] = {0, 1, 2, 3, 4};
static const Field fields_275[] = { /* io.k8s.api.core.v1.NamespaceSpec */
    {.name = "finalizers", .kind = FIELD_LIST, .elem = &elem_76, .go_type = "[]v1.FinalizerName", .protobuf = 1, .doc = "Names of those that empty the namespace before it goes."},
};
static const uint16_t order_275[] = {0};
static const uint16_t wire_275[] = {0};
static const Field fields_276[] = { /* io.k8s.api.core.v1.NamespaceStatus */
    {.name = "phase", .kind = FIELD_STRING, .go_type = "v1.NamespacePhase", .protobuf = 1, .deflt = "\"Active\"", .doc = "Active, or Terminating while its content is deleted."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_77, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_276[] = {1, 0};
static const uint16_t wire_276[] = {0, 1};
static const Field fields_277[] = { /* io.k8s.api.core.v1.Node */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[291], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "How the node is to be used."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[292], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "What the node has and how it does."},
};
static const uint16_t order_277[] = {1, 0, 2, 3, 4};
static const uint16_t wire_277[] = {2, 3, 4};
static const Field fields_278[] = { /* io.k8s.api.core.v1.NodeAddress */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.NodeAddressType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS."},
    {.name = "address", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The address."},
};
static const uint16_t order_278[] = {1, 0};
static const uint16_t wire_278[] = {0, 1};
static const Field fields_279[] = { /* io.k8s.api.core.v1.NodeAffinity */
    {.name = "requiredDuringSchedulingIgnoredDuringExecution", .kind = FIELD_OBJECT, .type = &gen_types[288], .protobuf = 1, .flags = FIELD_PTR, .doc = "What a node must satisfy to get the pod."},
    {.name = "preferredDuringSchedulingIgnoredDuringExecution", .kind = FIELD_LIST, .elem = &elem_78, .protobuf = 2, .doc = "What makes a node better for the pod."},
};
static const uint16_t order_279[] = {1, 0};
static const uint16_t wire_279[] = {0, 1};
static const Field fields_280[] = { /* io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus */
    {.name = "resourceClaimName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "containers", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .list_type = LIST_SET},
    {.name = "resources", .kind = FIELD_MAP, .elem = &elem_8, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_280[] = {1, 0, 2};
static const uint16_t wire_280[] = {0, 1, 2};
static const Field fields_281[] = { /* io.k8s.api.core.v1.NodeCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.NodeConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastHeartbeatTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When this condition was last reported."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 5, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 6, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_281[] = {2, 3, 5, 4, 1, 0};
static const uint16_t wire_281[] = {0, 1, 2, 3, 4, 5};
static const Field fields_282[] = { /* io.k8s.api.core.v1.NodeConfigSource */
    {.name = "configMap", .kind = FIELD_OBJECT, .type = &gen_types[207], .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_282[] = {0};
static const uint16_t wire_282[] = {0};
static const Field fields_283[] = { /* io.k8s.api.core.v1.NodeConfigStatus */
    {.name = "assigned", .kind = FIELD_OBJECT, .type = &gen_types[282], .protobuf = 1, .flags = FIELD_PTR},
    {.name = "active", .kind = FIELD_OBJECT, .type = &gen_types[282], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "lastKnownGood", .kind = FIELD_OBJECT, .type = &gen_types[282], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "error", .kind = FIELD_STRING, .protobuf = 4},
};
static const uint16_t order_283[] = {1, 0, 3, 2};
static const uint16_t wire_283[] = {0, 1, 2, 3};
static const Field fields_284[] = { /* io.k8s.api.core.v1.NodeDaemonEndpoints */
    {.name = "kubeletEndpoint", .kind = FIELD_OBJECT, .type = &gen_types[223], .protobuf = 1, .flags = FIELD_ALWAYS},
};
static const uint16_t order_284[] = {0};
static const uint16_t wire_284[] = {0};
static const Field fields_285[] = { /* io.k8s.api.core.v1.NodeFeatures */
    {.name = "supplementalGroupsPolicy", .kind = FIELD_BOOL, .protobuf = 1, .flags = FIELD_PTR},
};
static const uint16_t order_285[] = {0};
static const uint16_t wire_285[] = {0};
static const Field fields_286[] = { /* io.k8s.api.core.v1.NodeRuntimeHandler */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_ALWAYS},
    {.name = "features", .kind = FIELD_OBJECT, .type = &gen_types[287], .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_286[] = {1, 0};
static const uint16_t wire_286[] = {0, 1};
static const Field fields_287[] = { /* io.k8s.api.core.v1.NodeRuntimeHandlerFeatures */
    {.name = "recursiveReadOnlyMounts", .kind = FIELD_BOOL, .protobuf = 1, .flags = FIELD_PTR},
    {.name = "userNamespaces", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_287[] = {0, 1};
static const uint16_t wire_287[] = {0, 1};
static const Field fields_288[] = { /* io.k8s.api.core.v1.NodeSelector */
    {.name = "nodeSelectorTerms", .kind = FIELD_LIST, .elem = &elem_79, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The terms."},
};
static const uint16_t order_288[] = {0};
static const uint16_t wire_288[] = {0};
static const Field fields_289[] = { /* io.k8s.api.core.v1.NodeSelectorRequirement */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the label or field."},
    {.name = "operator", .kind = FIELD_STRING, .go_type = "v1.NodeSelectorOperator", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "In, NotIn, Exists, DoesNotExist, Gt or Lt."},
    {.name = "values", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "What it is compared with."},
};
static const uint16_t order_289[] = {0, 1, 2};
static const uint16_t wire_289[] = {0, 1, 2};
static const Field fields_290[] = { /* io.k8s.api.core.v1.NodeSelectorTerm */
    {.name = "matchExpressions", .kind = FIELD_LIST, .elem = &elem_80, .protobuf = 1, .doc = "Requirements on labels."},
    {.name = "matchFields", .kind = FIELD_LIST, .elem = &elem_80, .protobuf = 2, .doc = "Requirements on fields; metadata.name only."},
};
static const uint16_t order_290[] = {0, 1};
static const uint16_t wire_290[] = {0, 1};
static const Field fields_291[] = { /* io.k8s.api.core.v1.NodeSpec */
    {.name = "podCIDR", .kind = FIELD_STRING, .protobuf = 1, .doc = "The range that its pods get addresses from."},
    {.name = "podCIDRs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 7, .list_type = LIST_SET, .flags = FIELD_PATCH_MERGE, .doc = "The ranges that its pods get addresses from, one a family."},
    {.name = "providerID", .kind = FIELD_STRING, .protobuf = 3, .doc = "Its identity at the provider of the machine."},
    {.name = "unschedulable", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether new pods stay away; kubectl cordon sets it."},
    {.name = "taints", .kind = FIELD_LIST, .elem = &elem_81, .protobuf = 5, .doc = "Marks that keep pods away which do not tolerate them."},
    {.name = "configSource", .kind = FIELD_OBJECT, .type = &gen_types[282], .protobuf = 6, .flags = FIELD_PTR},
    {.name = "externalID", .kind = FIELD_STRING, .protobuf = 2},
};
static const uint16_t order_291[] = {5, 6, 0, 1, 2, 4, 3};
static const uint16_t wire_291[] = {0, 6, 2, 3, 4, 5, 1};
static const Field fields_292[] = { /* io.k8s.api.core.v1.NodeStatus */
    {.name = "capacity", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 1, .doc = "What the machine has."},
    {.name = "allocatable", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 2, .doc = "What pods may use of it."},
    {.name = "phase", .kind = FIELD_STRING, .go_type = "v1.NodePhase", .protobuf = 3},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_82, .protobuf = 4, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
    {.name = "addresses", .kind = FIELD_LIST, .elem = &elem_83, .protobuf = 5, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Addresses of the node."},
    {.name = "daemonEndpoints", .kind = FIELD_OBJECT, .type = &gen_types[284], .protobuf = 6, .flags = FIELD_ALWAYS, .doc = "Ports of its daemons."},
    {.name = "nodeInfo", .kind = FIELD_OBJECT, .type = &gen_types[294], .protobuf = 7, .flags = FIELD_ALWAYS, .doc = "System and versions."},
    {.name = "images", .kind = FIELD_LIST, .elem = &elem_84, .protobuf = 8, .doc = "Images that it has."},
    {.name = "volumesInUse", .kind = FIELD_LIST, .elem = &elem_85, .go_type = "[]v1.UniqueVolumeName", .protobuf = 9, .doc = "Volumes that its pods use."},
    {.name = "volumesAttached", .kind = FIELD_LIST, .elem = &elem_86, .protobuf = 10, .doc = "Volumes that are attached to it."},
    {.name = "config", .kind = FIELD_OBJECT, .type = &gen_types[283], .protobuf = 11, .flags = FIELD_PTR},
    {.name = "runtimeHandlers", .kind = FIELD_LIST, .elem = &elem_87, .protobuf = 12, .doc = "Ways in which its runtime can run containers."},
    {.name = "features", .kind = FIELD_OBJECT, .type = &gen_types[285], .protobuf = 13, .flags = FIELD_PTR, .doc = "What its runtime can do."},
    {.name = "declaredFeatures", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 14},
};
static const uint16_t order_292[] = {4, 1, 0, 3, 10, 5, 13, 12, 7, 6, 2, 11, 9, 8};
static const uint16_t wire_292[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
static const Field fields_293[] = { /* io.k8s.api.core.v1.NodeSwapStatus */
    {.name = "capacity", .kind = FIELD_INT64, .protobuf = 1, .flags = FIELD_PTR},
};
static const uint16_t order_293[] = {0};
static const uint16_t wire_293[] = {0};
static const Field fields_294[] = { /* io.k8s.api.core.v1.NodeSystemInfo */
    {.name = "machineID", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Identity of the installation."},
    {.name = "systemUUID", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Identity of the machine."},
    {.name = "bootID", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Identity of this run of the machine."},
    {.name = "kernelVersion", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Version of the kernel."},
    {.name = "osImage", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the system."},
    {.name = "containerRuntimeVersion", .kind = FIELD_STRING, .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Runtime and its version."},
    {.name = "kubeletVersion", .kind = FIELD_STRING, .protobuf = 7, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Version of the agent."},
    {.name = "kubeProxyVersion", .kind = FIELD_STRING, .protobuf = 8, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "No longer set."},
    {.name = "operatingSystem", .kind = FIELD_STRING, .protobuf = 9, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The operating system, such as linux."},
    {.name = "architecture", .kind = FIELD_STRING, .protobuf = 10, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The processor, such as amd64."},
    {.name = "swap", .kind = FIELD_OBJECT, .type = &gen_types[293], .protobuf = 11, .flags = FIELD_PTR},
};
static const uint16_t order_294[] = {9, 2, 5, 3, 7, 6, 0, 8, 4, 10, 1};
static const uint16_t wire_294[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const Field fields_295[] = { /* io.k8s.api.core.v1.ObjectFieldSelector */
    {.name = "apiVersion", .kind = FIELD_STRING, .protobuf = 1, .deflt = "\"v1\"", .doc = "Version that the path is written for; v1."},
    {.name = "fieldPath", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Path of the field."},
};
static const uint16_t order_295[] = {0, 1};
static const uint16_t wire_295[] = {0, 1};
static const Field fields_296[] = { /* io.k8s.api.core.v1.ObjectReference */
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 1, .doc = "Kind of the object."},
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 2, .doc = "Namespace of the object."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name of the object."},
    {.name = "uid", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 4, .doc = "Identity of the object."},
    {.name = "apiVersion", .kind = FIELD_STRING, .protobuf = 5, .doc = "Group and version of the object."},
    {.name = "resourceVersion", .kind = FIELD_STRING, .protobuf = 6, .doc = "Version of the object."},
    {.name = "fieldPath", .kind = FIELD_STRING, .protobuf = 7, .doc = "The part that is meant, such as spec.containers{web}."},
};
static const uint16_t order_296[] = {4, 6, 0, 2, 1, 5, 3};
static const uint16_t wire_296[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_297[] = { /* io.k8s.api.core.v1.PersistentVolume */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[304], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[305], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_297[] = {1, 0, 2, 3, 4};
static const uint16_t wire_297[] = {2, 3, 4};
static const Field fields_298[] = { /* io.k8s.api.core.v1.PersistentVolumeClaim */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[300], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[301], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_298[] = {1, 0, 2, 3, 4};
static const uint16_t wire_298[] = {2, 3, 4};
static const Field fields_299[] = { /* io.k8s.api.core.v1.PersistentVolumeClaimCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeClaimConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastProbeTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When this condition was last checked."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 5, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 6, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_299[] = {2, 3, 5, 4, 1, 0};
static const uint16_t wire_299[] = {0, 1, 2, 3, 4, 5};
static const Field fields_300[] = { /* io.k8s.api.core.v1.PersistentVolumeClaimSpec */
    {.name = "accessModes", .kind = FIELD_LIST, .elem = &elem_88, .go_type = "[]v1.PersistentVolumeAccessMode", .protobuf = 1, .doc = "How it is to be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod."},
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 4, .flags = FIELD_PTR, .doc = "Chooses volumes by their labels."},
    {.name = "resources", .kind = FIELD_OBJECT, .type = &gen_types[386], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "How much storage."},
    {.name = "volumeName", .kind = FIELD_STRING, .protobuf = 3, .doc = "The volume that was bound, or must be."},
    {.name = "storageClassName", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_PTR, .doc = "The class that it comes from; the default class when absent, none when empty."},
    {.name = "volumeMode", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeMode", .protobuf = 6, .flags = FIELD_PTR, .deflt = "\"Filesystem\"", .doc = "Filesystem, or Block for a raw device."},
    {.name = "dataSource", .kind = FIELD_OBJECT, .type = &gen_types[378], .protobuf = 7, .flags = FIELD_PTR, .doc = "What it is filled from, a snapshot or a claim."},
    {.name = "dataSourceRef", .kind = FIELD_OBJECT, .type = &gen_types[379], .protobuf = 8, .flags = FIELD_PTR, .doc = "What it is filled from, of any kind."},
    {.name = "volumeAttributesClassName", .kind = FIELD_STRING, .protobuf = 9, .flags = FIELD_PTR, .doc = "Class of changeable properties."},
};
static const uint16_t order_300[] = {0, 6, 7, 2, 1, 4, 8, 5, 3};
static const uint16_t wire_300[] = {0, 2, 3, 1, 4, 5, 6, 7, 8};
static const Field fields_301[] = { /* io.k8s.api.core.v1.PersistentVolumeClaimStatus */
    {.name = "phase", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeClaimPhase", .protobuf = 1, .deflt = "\"Pending\"", .doc = "Pending, Bound or Lost."},
    {.name = "accessModes", .kind = FIELD_LIST, .elem = &elem_88, .go_type = "[]v1.PersistentVolumeAccessMode", .protobuf = 2, .doc = "How the volume can be mounted."},
    {.name = "capacity", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 3, .doc = "What the volume holds."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_89, .protobuf = 4, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
    {.name = "allocatedResources", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 5},
    {.name = "allocatedResourceStatuses", .kind = FIELD_MAP, .elem = &elem_90, .go_type = "map[v1.ResourceName]v1.ClaimResourceStatus", .protobuf = 7},
    {.name = "currentVolumeAttributesClassName", .kind = FIELD_STRING, .protobuf = 8, .flags = FIELD_PTR},
    {.name = "modifyVolumeStatus", .kind = FIELD_OBJECT, .type = &gen_types[271], .protobuf = 9, .flags = FIELD_PTR},
};
static const uint16_t order_301[] = {1, 5, 4, 2, 3, 6, 7, 0};
static const uint16_t wire_301[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_302[] = { /* io.k8s.api.core.v1.PersistentVolumeClaimTemplate */
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[300], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_302[] = {0, 1};
static const uint16_t wire_302[] = {0, 1};
static const Field fields_303[] = { /* io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource */
    {.name = "claimName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the claim."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 2, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_303[] = {0, 1};
static const uint16_t wire_303[] = {0, 1};
static const Field fields_304[] = { /* io.k8s.api.core.v1.PersistentVolumeSpec */
    {.name = "capacity", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 1, .doc = "How much it holds."},
    {.name = "gcePersistentDisk", .kind = FIELD_OBJECT, .type = &gen_types[246], .protobuf = 2 << 16 | 1, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "awsElasticBlockStore", .kind = FIELD_OBJECT, .type = &gen_types[185], .protobuf = 2 << 16 | 2, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "hostPath", .kind = FIELD_OBJECT, .type = &gen_types[255], .protobuf = 2 << 16 | 3, .flags = FIELD_PTR | FIELD_INLINE, .doc = "A folder of a node; for tests on one node."},
    {.name = "glusterfs", .kind = FIELD_OBJECT, .type = &gen_types[249], .protobuf = 2 << 16 | 4, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "nfs", .kind = FIELD_OBJECT, .type = &gen_types[272], .protobuf = 2 << 16 | 5, .flags = FIELD_PTR | FIELD_INLINE, .doc = "A folder of an NFS server."},
    {.name = "rbd", .kind = FIELD_OBJECT, .type = &gen_types[334], .protobuf = 2 << 16 | 6, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "iscsi", .kind = FIELD_OBJECT, .type = &gen_types[256], .protobuf = 2 << 16 | 7, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "cinder", .kind = FIELD_OBJECT, .type = &gen_types[198], .protobuf = 2 << 16 | 8, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "cephfs", .kind = FIELD_OBJECT, .type = &gen_types[196], .protobuf = 2 << 16 | 9, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "fc", .kind = FIELD_OBJECT, .type = &gen_types[241], .protobuf = 2 << 16 | 10, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "flocker", .kind = FIELD_OBJECT, .type = &gen_types[245], .protobuf = 2 << 16 | 11, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "flexVolume", .kind = FIELD_OBJECT, .type = &gen_types[243], .protobuf = 2 << 16 | 12, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "azureFile", .kind = FIELD_OBJECT, .type = &gen_types[190], .protobuf = 2 << 16 | 13, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "vsphereVolume", .kind = FIELD_OBJECT, .type = &gen_types[388], .protobuf = 2 << 16 | 14, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "quobyte", .kind = FIELD_OBJECT, .type = &gen_types[333], .protobuf = 2 << 16 | 15, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "azureDisk", .kind = FIELD_OBJECT, .type = &gen_types[189], .protobuf = 2 << 16 | 16, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "photonPersistentDisk", .kind = FIELD_OBJECT, .type = &gen_types[306], .protobuf = 2 << 16 | 17, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "portworxVolume", .kind = FIELD_OBJECT, .type = &gen_types[329], .protobuf = 2 << 16 | 18, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "scaleIO", .kind = FIELD_OBJECT, .type = &gen_types[349], .protobuf = 2 << 16 | 19, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "local", .kind = FIELD_OBJECT, .type = &gen_types[270], .protobuf = 2 << 16 | 20, .flags = FIELD_PTR | FIELD_INLINE, .doc = "A disk or folder of one node."},
    {.name = "storageos", .kind = FIELD_OBJECT, .type = &gen_types[369], .protobuf = 2 << 16 | 21, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "csi", .kind = FIELD_OBJECT, .type = &gen_types[193], .protobuf = 2 << 16 | 22, .flags = FIELD_PTR | FIELD_INLINE, .doc = "A volume of a storage driver."},
    {.name = "accessModes", .kind = FIELD_LIST, .elem = &elem_88, .go_type = "[]v1.PersistentVolumeAccessMode", .protobuf = 3, .doc = "How it can be mounted."},
    {.name = "claimRef", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 4, .flags = FIELD_PTR, .doc = "The claim that has it."},
    {.name = "persistentVolumeReclaimPolicy", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeReclaimPolicy", .protobuf = 5, .deflt = "\"Retain\"", .doc = "What becomes of it after its claim: Retain, Delete or Recycle."},
    {.name = "storageClassName", .kind = FIELD_STRING, .protobuf = 6, .doc = "Its class."},
    {.name = "mountOptions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 7, .doc = "Options for mounting it."},
    {.name = "volumeMode", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeMode", .protobuf = 8, .flags = FIELD_PTR, .deflt = "\"Filesystem\"", .doc = "Filesystem, or Block for a raw device."},
    {.name = "nodeAffinity", .kind = FIELD_OBJECT, .type = &gen_types[384], .protobuf = 9, .flags = FIELD_PTR, .doc = "Nodes that can reach it."},
    {.name = "volumeAttributesClassName", .kind = FIELD_STRING, .protobuf = 10, .flags = FIELD_PTR},
};
static const uint16_t order_304[] = {23, 2, 16, 13, 0, 9, 8, 24, 22, 10, 12, 11, 1, 4, 3, 7, 20, 27, 5, 29, 25, 17, 18, 15, 6, 19, 26, 21, 30, 28, 14};
static const uint16_t wire_304[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30};
static const Field fields_305[] = { /* io.k8s.api.core.v1.PersistentVolumeStatus */
    {.name = "phase", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumePhase", .protobuf = 1, .deflt = "\"Pending\"", .doc = "Pending, Available, Bound, Released or Failed."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 2, .doc = "Why, in a sentence."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 3, .doc = "Why, in one word."},
    {.name = "lastPhaseTransitionTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_PTR, .doc = "When the phase last changed."},
};
static const uint16_t order_305[] = {3, 1, 0, 2};
static const uint16_t wire_305[] = {0, 1, 2, 3};
static const Field fields_306[] = { /* io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource */
    {.name = "pdID", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
};
static const uint16_t order_306[] = {1, 0};
static const uint16_t wire_306[] = {0, 1};
static const Field fields_307[] = { /* io.k8s.api.core.v1.Pod */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[324], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The containers and how they are to run."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[325], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "Where the pod runs and how it does."},
};
static const uint16_t order_307[] = {1, 0, 2, 3, 4};
static const uint16_t wire_307[] = {2, 3, 4};
static const Field fields_308[] = { /* io.k8s.api.core.v1.PodAffinity */
    {.name = "requiredDuringSchedulingIgnoredDuringExecution", .kind = FIELD_LIST, .elem = &elem_91, .protobuf = 1, .doc = "Terms that all must hold for a node to get the pod."},
    {.name = "preferredDuringSchedulingIgnoredDuringExecution", .kind = FIELD_LIST, .elem = &elem_92, .protobuf = 2, .doc = "Terms that make a node better, with weights."},
};
static const uint16_t order_308[] = {1, 0};
static const uint16_t wire_308[] = {0, 1};
static const Field fields_309[] = { /* io.k8s.api.core.v1.PodAffinityTerm */
    {.name = "labelSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 1, .flags = FIELD_PTR, .doc = "Chooses the pods by their labels."},
    {.name = "namespaces", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Namespaces of the pods; the pod's own when there are none and no selector."},
    {.name = "topologyKey", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Label of nodes; nodes with the same value are one place."},
    {.name = "namespaceSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 4, .flags = FIELD_PTR, .doc = "Chooses the namespaces by their labels; an empty one chooses all."},
    {.name = "matchLabelKeys", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5, .doc = "Labels of this pod whose values the others must share."},
    {.name = "mismatchLabelKeys", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 6, .doc = "Labels of this pod whose values the others must not share."},
};
static const uint16_t order_309[] = {0, 4, 5, 3, 1, 2};
static const uint16_t wire_309[] = {0, 1, 2, 3, 4, 5};
static const Field fields_310[] = { /* io.k8s.api.core.v1.PodAntiAffinity */
    {.name = "requiredDuringSchedulingIgnoredDuringExecution", .kind = FIELD_LIST, .elem = &elem_91, .protobuf = 1, .doc = "Terms none of which may hold for a node to get the pod."},
    {.name = "preferredDuringSchedulingIgnoredDuringExecution", .kind = FIELD_LIST, .elem = &elem_92, .protobuf = 2, .doc = "Terms that make a node worse, with weights."},
};
static const uint16_t order_310[] = {1, 0};
static const uint16_t wire_310[] = {0, 1};
static const Field fields_311[] = { /* io.k8s.api.core.v1.PodCertificateProjection */
    {.name = "signerName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED},
    {.name = "keyType", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED},
    {.name = "maxExpirationSeconds", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR},
    {.name = "credentialBundlePath", .kind = FIELD_STRING, .protobuf = 4},
    {.name = "keyPath", .kind = FIELD_STRING, .protobuf = 5},
    {.name = "certificateChainPath", .kind = FIELD_STRING, .protobuf = 6},
    {.name = "userAnnotations", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 7},
};
static const uint16_t order_311[] = {5, 3, 4, 1, 2, 0, 6};
static const uint16_t wire_311[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_312[] = { /* io.k8s.api.core.v1.PodCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.PodConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 7, .doc = "The metadata.generation that the condition was judged by."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastProbeTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When this condition was last checked."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 5, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 6, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_312[] = {3, 4, 6, 1, 5, 2, 0};
static const uint16_t wire_312[] = {0, 2, 3, 4, 5, 6, 1};
static const Field fields_313[] = { /* io.k8s.api.core.v1.PodDNSConfig */
    {.name = "nameservers", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .doc = "Addresses of name servers."},
    {.name = "searches", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Domains to search."},
    {.name = "options", .kind = FIELD_LIST, .elem = &elem_93, .protobuf = 3, .doc = "Options of the resolver."},
};
static const uint16_t order_313[] = {0, 2, 1};
static const uint16_t wire_313[] = {0, 1, 2};
static const Field fields_314[] = { /* io.k8s.api.core.v1.PodDNSConfigOption */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Its name."},
    {.name = "value", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR, .doc = "Its value."},
};
static const uint16_t order_314[] = {0, 1};
static const uint16_t wire_314[] = {0, 1};
static const Field fields_315[] = { /* io.k8s.api.core.v1.PodExtendedResourceClaimStatus */
    {.name = "requestMappings", .kind = FIELD_LIST, .elem = &elem_94, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resourceClaimName", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_315[] = {0, 1};
static const uint16_t wire_315[] = {0, 1};
static const Field fields_316[] = { /* io.k8s.api.core.v1.PodIP */
    {.name = "ip", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The address."},
};
static const uint16_t order_316[] = {0};
static const uint16_t wire_316[] = {0};
static const Field fields_317[] = { /* io.k8s.api.core.v1.PodOS */
    {.name = "name", .kind = FIELD_STRING, .go_type = "v1.OSName", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "linux or windows."},
};
static const uint16_t order_317[] = {0};
static const uint16_t wire_317[] = {0};
static const Field fields_318[] = { /* io.k8s.api.core.v1.PodReadinessGate */
    {.name = "conditionType", .kind = FIELD_STRING, .go_type = "v1.PodConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Type of the condition."},
};
static const uint16_t order_318[] = {0};
static const uint16_t wire_318[] = {0};
static const Field fields_319[] = { /* io.k8s.api.core.v1.PodResourceClaim */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resourceClaimName", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR},
    {.name = "resourceClaimTemplateName", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_319[] = {0, 1, 2};
static const uint16_t wire_319[] = {0, 1, 2};
static const Field fields_320[] = { /* io.k8s.api.core.v1.PodResourceClaimStatus */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resourceClaimName", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_320[] = {0, 1};
static const uint16_t wire_320[] = {0, 1};
static const Field fields_321[] = { /* io.k8s.api.core.v1.PodSchedulingGate */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the gate."},
};
static const uint16_t order_321[] = {0};
static const uint16_t wire_321[] = {0};
static const Field fields_322[] = { /* io.k8s.api.core.v1.PodSchedulingGroup */
    {.name = "podGroupName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR},
};
static const uint16_t order_322[] = {0};
static const uint16_t wire_322[] = {0};
static const Field fields_323[] = { /* io.k8s.api.core.v1.PodSecurityContext */
    {.name = "seLinuxOptions", .kind = FIELD_OBJECT, .type = &gen_types[348], .protobuf = 1, .flags = FIELD_PTR, .doc = "SELinux label of the containers."},
    {.name = "windowsOptions", .kind = FIELD_OBJECT, .type = &gen_types[390], .protobuf = 8, .flags = FIELD_PTR, .doc = "Settings for Windows."},
    {.name = "runAsUser", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_PTR, .doc = "User that programs run as; the image's when absent."},
    {.name = "runAsGroup", .kind = FIELD_INT64, .protobuf = 6, .flags = FIELD_PTR, .doc = "Group that programs run as; the image's when absent."},
    {.name = "runAsNonRoot", .kind = FIELD_BOOL, .protobuf = 3, .flags = FIELD_PTR, .doc = "Whether a container that would run as root is refused."},
    {.name = "supplementalGroups", .kind = FIELD_LIST, .elem = &elem_73, .protobuf = 4, .doc = "More groups of the programs."},
    {.name = "supplementalGroupsPolicy", .kind = FIELD_STRING, .go_type = "v1.SupplementalGroupsPolicy", .protobuf = 12, .flags = FIELD_PTR, .doc = "Whether groups of the image count too - Merge or Strict."},
    {.name = "fsGroup", .kind = FIELD_INT64, .protobuf = 5, .flags = FIELD_PTR, .doc = "Group that owns the volumes and that all programs are in."},
    {.name = "sysctls", .kind = FIELD_LIST, .elem = &elem_95, .protobuf = 7, .doc = "Settings of the kernel for the pod."},
    {.name = "fsGroupChangePolicy", .kind = FIELD_STRING, .go_type = "v1.PodFSGroupChangePolicy", .protobuf = 9, .flags = FIELD_PTR, .doc = "Always, or OnRootMismatch to leave volumes alone whose top folder is right already."},
    {.name = "seccompProfile", .kind = FIELD_OBJECT, .type = &gen_types[353], .protobuf = 10, .flags = FIELD_PTR, .doc = "Which system calls are allowed."},
    {.name = "appArmorProfile", .kind = FIELD_OBJECT, .type = &gen_types[187], .protobuf = 11, .flags = FIELD_PTR, .doc = "AppArmor profile of the containers."},
    {.name = "seLinuxChangePolicy", .kind = FIELD_STRING, .go_type = "v1.PodSELinuxChangePolicy", .protobuf = 13, .flags = FIELD_PTR},
};
static const uint16_t order_323[] = {11, 7, 9, 3, 4, 2, 12, 0, 10, 5, 6, 8, 1};
static const uint16_t wire_323[] = {0, 2, 4, 5, 7, 3, 8, 1, 9, 10, 11, 6, 12};
static const Field fields_324[] = { /* io.k8s.api.core.v1.PodSpec */
    {.name = "volumes", .kind = FIELD_LIST, .elem = &elem_96, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE | FIELD_PATCH_RETAIN, .doc = "What the containers can mount."},
    {.name = "initContainers", .kind = FIELD_LIST, .elem = &elem_97, .protobuf = 20, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Containers that run one after the other, each to its end, before the others start."},
    {.name = "containers", .kind = FIELD_LIST, .elem = &elem_97, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_REQUIRED | FIELD_ALWAYS | FIELD_PATCH_MERGE, .doc = "The containers; at least one."},
    {.name = "ephemeralContainers", .kind = FIELD_LIST, .elem = &elem_98, .protobuf = 34, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Containers that were added to the running pod; kubectl debug does that."},
    {.name = "restartPolicy", .kind = FIELD_STRING, .go_type = "v1.RestartPolicy", .protobuf = 3, .deflt = "\"Always\"", .doc = "When containers that ended are started again - Always, OnFailure or Never."},
    {.name = "terminationGracePeriodSeconds", .kind = FIELD_INT64, .protobuf = 4, .flags = FIELD_PTR, .deflt = "30", .doc = "Seconds between the request to stop and the kill; 30 by default."},
    {.name = "activeDeadlineSeconds", .kind = FIELD_INT64, .protobuf = 5, .flags = FIELD_PTR, .doc = "Seconds after which the pod is failed."},
    {.name = "dnsPolicy", .kind = FIELD_STRING, .go_type = "v1.DNSPolicy", .protobuf = 6, .deflt = "\"ClusterFirst\"", .doc = "ClusterFirst, ClusterFirstWithHostNet, Default (the node's) or None (dnsConfig alone)."},
    {.name = "nodeSelector", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 7, .flags = FIELD_MAP_ATOMIC, .doc = "Labels that a node must have."},
    {.name = "serviceAccountName", .kind = FIELD_STRING, .protobuf = 8, .doc = "The service account that the pod acts as."},
    {.name = "serviceAccount", .kind = FIELD_STRING, .protobuf = 9, .doc = "Older name of serviceAccountName."},
    {.name = "automountServiceAccountToken", .kind = FIELD_BOOL, .protobuf = 21, .flags = FIELD_PTR, .doc = "Whether the account's token is mounted."},
    {.name = "nodeName", .kind = FIELD_STRING, .protobuf = 10, .doc = "The node that runs the pod; set by the scheduler."},
    {.name = "hostNetwork", .kind = FIELD_BOOL, .protobuf = 11, .doc = "Whether the pod uses the node's network."},
    {.name = "hostPID", .kind = FIELD_BOOL, .protobuf = 12, .doc = "Whether the pod sees the node's processes."},
    {.name = "hostIPC", .kind = FIELD_BOOL, .protobuf = 13, .doc = "Whether the pod uses the node's shared memory."},
    {.name = "shareProcessNamespace", .kind = FIELD_BOOL, .protobuf = 27, .flags = FIELD_PTR, .doc = "Whether the containers see each other's processes."},
    {.name = "securityContext", .kind = FIELD_OBJECT, .type = &gen_types[323], .protobuf = 14, .flags = FIELD_PTR, .deflt = "{}", .doc = "User, groups and confinement of all containers."},
    {.name = "imagePullSecrets", .kind = FIELD_LIST, .elem = &elem_99, .protobuf = 15, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Secrets with passwords of image registries."},
    {.name = "hostname", .kind = FIELD_STRING, .protobuf = 16, .doc = "Host name of the pod; its own name when empty."},
    {.name = "subdomain", .kind = FIELD_STRING, .protobuf = 17, .doc = "Domain of the pod below its namespace; that of a headless service makes the pod known by name."},
    {.name = "affinity", .kind = FIELD_OBJECT, .type = &gen_types[186], .protobuf = 18, .flags = FIELD_PTR, .doc = "Rules that draw the pod to nodes or keep it away."},
    {.name = "schedulerName", .kind = FIELD_STRING, .protobuf = 19, .deflt = "\"default-scheduler\"", .doc = "The scheduler that places the pod."},
    {.name = "tolerations", .kind = FIELD_LIST, .elem = &elem_100, .protobuf = 22, .doc = "Taints of nodes that the pod bears with."},
    {.name = "hostAliases", .kind = FIELD_LIST, .elem = &elem_101, .protobuf = 23, .list_type = LIST_MAP, .list_map_keys = list_12, .merge_key = "ip", .flags = FIELD_PATCH_MERGE, .doc = "More lines of the hosts file."},
    {.name = "priorityClassName", .kind = FIELD_STRING, .protobuf = 24, .doc = "Name of the pod's priority."},
    {.name = "priority", .kind = FIELD_INT32, .protobuf = 25, .flags = FIELD_PTR, .doc = "The priority as a number; follows from the class."},
    {.name = "dnsConfig", .kind = FIELD_OBJECT, .type = &gen_types[313], .protobuf = 26, .flags = FIELD_PTR, .doc = "Settings of the resolver."},
    {.name = "readinessGates", .kind = FIELD_LIST, .elem = &elem_102, .protobuf = 28, .doc = "Conditions that must be True for the pod to be ready."},
    {.name = "runtimeClassName", .kind = FIELD_STRING, .protobuf = 29, .flags = FIELD_PTR, .doc = "How the runtime runs the containers."},
    {.name = "enableServiceLinks", .kind = FIELD_BOOL, .protobuf = 30, .flags = FIELD_PTR, .doc = "Whether services of the namespace become environment variables."},
    {.name = "preemptionPolicy", .kind = FIELD_STRING, .go_type = "v1.PreemptionPolicy", .protobuf = 31, .flags = FIELD_PTR, .doc = "Whether the pod may displace pods of lower priority."},
    {.name = "overhead", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 32, .doc = "What running the pod itself costs; follows from the runtime class."},
    {.name = "topologySpreadConstraints", .kind = FIELD_LIST, .elem = &elem_103, .protobuf = 33, .list_type = LIST_MAP, .list_map_keys = list_13, .merge_key = "topologyKey", .flags = FIELD_PATCH_MERGE, .doc = "How pods spread over places."},
    {.name = "setHostnameAsFQDN", .kind = FIELD_BOOL, .protobuf = 35, .flags = FIELD_PTR, .doc = "Whether the full name is the host name."},
    {.name = "os", .kind = FIELD_OBJECT, .type = &gen_types[317], .protobuf = 36, .flags = FIELD_PTR, .doc = "Operating system of the containers."},
    {.name = "hostUsers", .kind = FIELD_BOOL, .protobuf = 37, .flags = FIELD_PTR, .doc = "Whether the pod uses the node's users; false gives it users of its own."},
    {.name = "schedulingGates", .kind = FIELD_LIST, .elem = &elem_104, .protobuf = 38, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "While there is one, the pod is not scheduled."},
    {.name = "resourceClaims", .kind = FIELD_LIST, .elem = &elem_105, .protobuf = 39, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE | FIELD_PATCH_RETAIN, .doc = "Devices that the pod needs."},
    {.name = "resources", .kind = FIELD_OBJECT, .type = &gen_types[346], .protobuf = 40, .flags = FIELD_PTR, .doc = "Resources of the pod as a whole."},
    {.name = "hostnameOverride", .kind = FIELD_STRING, .protobuf = 41, .flags = FIELD_PTR},
    {.name = "schedulingGroup", .kind = FIELD_OBJECT, .type = &gen_types[322], .protobuf = 43, .flags = FIELD_PTR},
};
static const uint16_t order_324[] = {6, 21, 11, 2, 27, 7, 30, 3, 24, 15, 13, 14, 36, 19, 40, 18, 1, 12, 8, 35, 32, 31, 26, 25, 28, 38, 39, 4, 29, 22, 37, 41, 17, 10, 9, 34, 16, 20, 5, 23, 33, 0};
static const uint16_t wire_324[] = {0, 2, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 1, 11, 23, 24, 25, 26, 27, 16, 28, 29, 30, 31, 32, 33, 3, 34, 35, 36, 37, 38, 39, 40, 41};
static const Field fields_325[] = { /* io.k8s.api.core.v1.PodStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 17, .doc = "The metadata.generation that this status belongs to."},
    {.name = "phase", .kind = FIELD_STRING, .go_type = "v1.PodPhase", .protobuf = 1, .doc = "Pending, Running, Succeeded, Failed or Unknown."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_106, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 3, .doc = "Why, in a sentence."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "Why, in one word, such as Evicted."},
    {.name = "nominatedNodeName", .kind = FIELD_STRING, .protobuf = 11, .doc = "Node on which room is being made for the pod."},
    {.name = "hostIP", .kind = FIELD_STRING, .protobuf = 5, .doc = "Address of the node."},
    {.name = "hostIPs", .kind = FIELD_LIST, .elem = &elem_107, .protobuf = 16, .merge_key = "ip", .flags = FIELD_PATCH_MERGE, .doc = "Addresses of the node."},
    {.name = "podIP", .kind = FIELD_STRING, .protobuf = 6, .doc = "Address of the pod."},
    {.name = "podIPs", .kind = FIELD_LIST, .elem = &elem_108, .protobuf = 12, .list_type = LIST_MAP, .list_map_keys = list_12, .merge_key = "ip", .flags = FIELD_PATCH_MERGE, .doc = "Addresses of the pod, one a family."},
    {.name = "startTime", .kind = FIELD_TIME, .protobuf = 7, .flags = FIELD_PTR, .doc = "When the node took the pod."},
    {.name = "initContainerStatuses", .kind = FIELD_LIST, .elem = &elem_109, .protobuf = 10, .doc = "State of the init containers."},
    {.name = "containerStatuses", .kind = FIELD_LIST, .elem = &elem_109, .protobuf = 8, .doc = "State of the containers."},
    {.name = "qosClass", .kind = FIELD_STRING, .go_type = "v1.PodQOSClass", .protobuf = 9, .doc = "Guaranteed, Burstable or BestEffort; follows from requests and limits."},
    {.name = "ephemeralContainerStatuses", .kind = FIELD_LIST, .elem = &elem_109, .protobuf = 13, .doc = "State of the containers that were added."},
    {.name = "resize", .kind = FIELD_STRING, .go_type = "v1.PodResizeStatus", .protobuf = 14, .doc = "No longer set; see the conditions."},
    {.name = "resourceClaimStatuses", .kind = FIELD_LIST, .elem = &elem_110, .protobuf = 15, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE | FIELD_PATCH_RETAIN},
    {.name = "extendedResourceClaimStatus", .kind = FIELD_OBJECT, .type = &gen_types[315], .protobuf = 18, .flags = FIELD_PTR},
    {.name = "allocatedResources", .kind = FIELD_MAP, .elem = &elem_8, .protobuf = 19},
    {.name = "resources", .kind = FIELD_OBJECT, .type = &gen_types[346], .protobuf = 20, .flags = FIELD_PTR},
    {.name = "nodeAllocatableResourceClaimStatuses", .kind = FIELD_LIST, .elem = &elem_111, .protobuf = 21},
};
static const uint16_t order_325[] = {18, 2, 12, 14, 17, 6, 7, 11, 3, 20, 5, 0, 1, 8, 9, 13, 4, 15, 16, 19, 10};
static const uint16_t wire_325[] = {1, 2, 3, 4, 6, 8, 10, 12, 13, 11, 5, 9, 14, 15, 16, 7, 0, 17, 18, 19, 20};
static const Field fields_326[] = { /* io.k8s.api.core.v1.PodTemplate */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "template", .kind = FIELD_OBJECT, .type = &gen_types[327], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The pods."},
};
static const uint16_t order_326[] = {1, 0, 2, 3};
static const uint16_t wire_326[] = {2, 3};
static const Field fields_327[] = { /* io.k8s.api.core.v1.PodTemplateSpec */
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Labels and annotations of the pods."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[324], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The containers and how they are to run."},
};
static const uint16_t order_327[] = {0, 1};
static const uint16_t wire_327[] = {0, 1};
static const Field fields_328[] = { /* io.k8s.api.core.v1.PortStatus */
    {.name = "port", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "protocol", .kind = FIELD_STRING, .go_type = "v1.Protocol", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "error", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR},
};
static const uint16_t order_328[] = {2, 0, 1};
static const uint16_t wire_328[] = {0, 1, 2};
static const Field fields_329[] = { /* io.k8s.api.core.v1.PortworxVolumeSource */
    {.name = "volumeID", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_329[] = {1, 2, 0};
static const uint16_t wire_329[] = {0, 1, 2};
static const Field fields_330[] = { /* io.k8s.api.core.v1.PreferredSchedulingTerm */
    {.name = "weight", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How much it counts, from 1 to 100."},
    {.name = "preference", .kind = FIELD_OBJECT, .type = &gen_types[290], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "What is preferred."},
};
static const uint16_t order_330[] = {1, 0};
static const uint16_t wire_330[] = {0, 1};
static const Field fields_331[] = { /* io.k8s.api.core.v1.Probe */
    {.name = "exec", .kind = FIELD_OBJECT, .type = &gen_types[240], .protobuf = 1 << 16 | 1, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Run a command in the container."},
    {.name = "httpGet", .kind = FIELD_OBJECT, .type = &gen_types[251], .protobuf = 1 << 16 | 2, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Send an HTTP request."},
    {.name = "tcpSocket", .kind = FIELD_OBJECT, .type = &gen_types[372], .protobuf = 1 << 16 | 3, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Open a connection."},
    {.name = "grpc", .kind = FIELD_OBJECT, .type = &gen_types[247], .protobuf = 1 << 16 | 4, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Ask the gRPC health service."},
    {.name = "initialDelaySeconds", .kind = FIELD_INT32, .protobuf = 2, .doc = "Seconds after the start before the first check."},
    {.name = "timeoutSeconds", .kind = FIELD_INT32, .protobuf = 3, .deflt = "1", .doc = "Seconds after which a check has failed; 1 by default."},
    {.name = "periodSeconds", .kind = FIELD_INT32, .protobuf = 4, .deflt = "10", .doc = "Seconds between checks; 10 by default."},
    {.name = "successThreshold", .kind = FIELD_INT32, .protobuf = 5, .deflt = "1", .doc = "Successes in a row that make it good again; 1 by default."},
    {.name = "failureThreshold", .kind = FIELD_INT32, .protobuf = 6, .deflt = "3", .doc = "Failures in a row that make it bad; 3 by default."},
    {.name = "terminationGracePeriodSeconds", .kind = FIELD_INT64, .protobuf = 7, .flags = FIELD_PTR, .doc = "Grace period of a container that this check stops; the pod's when absent."},
};
static const uint16_t order_331[] = {0, 8, 3, 1, 4, 6, 7, 2, 9, 5};
static const uint16_t wire_331[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const Field fields_332[] = { /* io.k8s.api.core.v1.ProjectedVolumeSource */
    {.name = "sources", .kind = FIELD_LIST, .elem = &elem_112, .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "The sources."},
    {.name = "defaultMode", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR, .deflt = "420", .doc = "Permission bits of the files that name none of their own."},
};
static const uint16_t order_332[] = {1, 0};
static const uint16_t wire_332[] = {0, 1};
static const Field fields_333[] = { /* io.k8s.api.core.v1.QuobyteVolumeSource */
    {.name = "registry", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "volume", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
    {.name = "user", .kind = FIELD_STRING, .protobuf = 4},
    {.name = "group", .kind = FIELD_STRING, .protobuf = 5},
    {.name = "tenant", .kind = FIELD_STRING, .protobuf = 6},
};
static const uint16_t order_333[] = {4, 2, 0, 5, 3, 1};
static const uint16_t wire_333[] = {0, 1, 2, 3, 4, 5};
static const Field fields_334[] = { /* io.k8s.api.core.v1.RBDPersistentVolumeSource */
    {.name = "monitors", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "image", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "pool", .kind = FIELD_STRING, .protobuf = 4, .deflt = "\"rbd\""},
    {.name = "user", .kind = FIELD_STRING, .protobuf = 5, .deflt = "\"admin\""},
    {.name = "keyring", .kind = FIELD_STRING, .protobuf = 6, .deflt = "\"/etc/ceph/keyring\""},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 7, .flags = FIELD_PTR},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 8, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_334[] = {2, 1, 5, 0, 3, 7, 6, 4};
static const uint16_t wire_334[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_335[] = { /* io.k8s.api.core.v1.RBDVolumeSource */
    {.name = "monitors", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "image", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "pool", .kind = FIELD_STRING, .protobuf = 4, .deflt = "\"rbd\""},
    {.name = "user", .kind = FIELD_STRING, .protobuf = 5, .deflt = "\"admin\""},
    {.name = "keyring", .kind = FIELD_STRING, .protobuf = 6, .deflt = "\"/etc/ceph/keyring\""},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[269], .protobuf = 7, .flags = FIELD_PTR},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 8, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_335[] = {2, 1, 5, 0, 3, 7, 6, 4};
static const uint16_t wire_335[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_336[] = { /* io.k8s.api.core.v1.ReplicationController */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[338], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[339], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_336[] = {1, 0, 2, 3, 4};
static const uint16_t wire_336[] = {2, 3, 4};
static const Field fields_337[] = { /* io.k8s.api.core.v1.ReplicationControllerCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.ReplicationControllerConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_337[] = {2, 4, 3, 1, 0};
static const uint16_t wire_337[] = {0, 1, 2, 3, 4};
static const Field fields_338[] = { /* io.k8s.api.core.v1.ReplicationControllerSpec */
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR, .deflt = "1", .doc = "How many pods."},
    {.name = "minReadySeconds", .kind = FIELD_INT32, .protobuf = 4, .doc = "Seconds that a pod must be ready to count as available."},
    {.name = "selector", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 2, .flags = FIELD_MAP_ATOMIC, .doc = "Labels of its pods; those of the template when empty."},
    {.name = "template", .kind = FIELD_OBJECT, .type = &gen_types[327], .protobuf = 3, .flags = FIELD_PTR, .doc = "The pods."},
};
static const uint16_t order_338[] = {1, 0, 2, 3};
static const uint16_t wire_338[] = {0, 2, 3, 1};
static const Field fields_339[] = { /* io.k8s.api.core.v1.ReplicationControllerStatus */
    {.name = "replicas", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Pods that exist."},
    {.name = "fullyLabeledReplicas", .kind = FIELD_INT32, .protobuf = 2, .doc = "Pods with all labels of the template."},
    {.name = "readyReplicas", .kind = FIELD_INT32, .protobuf = 4, .doc = "Pods that are ready."},
    {.name = "availableReplicas", .kind = FIELD_INT32, .protobuf = 5, .doc = "Pods that have been ready for long enough."},
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 3, .doc = "The metadata.generation that this status belongs to."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_113, .protobuf = 6, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_339[] = {3, 5, 1, 4, 2, 0};
static const uint16_t wire_339[] = {0, 1, 4, 2, 3, 5};
static const Field fields_340[] = { /* io.k8s.api.core.v1.ResourceClaim */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the claim in the pod."},
    {.name = "request", .kind = FIELD_STRING, .protobuf = 2, .doc = "Which request of the claim; all when empty."},
};
static const uint16_t order_340[] = {0, 1};
static const uint16_t wire_340[] = {0, 1};
static const Field fields_341[] = { /* io.k8s.api.core.v1.ResourceFieldSelector */
    {.name = "containerName", .kind = FIELD_STRING, .protobuf = 1, .doc = "The container; required in volumes."},
    {.name = "resource", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Such as limits.cpu."},
    {.name = "divisor", .kind = FIELD_QUANTITY, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "Unit that the number is given in."},
};
static const uint16_t order_341[] = {0, 2, 1};
static const uint16_t wire_341[] = {0, 1, 2};
static const Field fields_342[] = { /* io.k8s.api.core.v1.ResourceHealth */
    {.name = "resourceID", .kind = FIELD_STRING, .go_type = "v1.ResourceID", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "health", .kind = FIELD_STRING, .go_type = "v1.ResourceHealthStatus", .protobuf = 2},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 6, .flags = FIELD_PTR},
};
static const uint16_t order_342[] = {1, 2, 0};
static const uint16_t wire_342[] = {0, 1, 2};
static const Field fields_343[] = { /* io.k8s.api.core.v1.ResourceQuota */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[344], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "What is limited."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[345], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "What is used."},
};
static const uint16_t order_343[] = {1, 0, 2, 3, 4};
static const uint16_t wire_343[] = {2, 3, 4};
static const Field fields_344[] = { /* io.k8s.api.core.v1.ResourceQuotaSpec */
    {.name = "hard", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 1, .doc = "Limits by name, such as pods or requests.cpu."},
    {.name = "scopes", .kind = FIELD_LIST, .elem = &elem_114, .go_type = "[]v1.ResourceQuotaScope", .protobuf = 2, .doc = "Which objects count; all of them must fit."},
    {.name = "scopeSelector", .kind = FIELD_OBJECT, .type = &gen_types[351], .protobuf = 3, .flags = FIELD_PTR, .doc = "Which objects count, as expressions."},
};
static const uint16_t order_344[] = {0, 2, 1};
static const uint16_t wire_344[] = {0, 1, 2};
static const Field fields_345[] = { /* io.k8s.api.core.v1.ResourceQuotaStatus */
    {.name = "hard", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 1, .doc = "The limits in force."},
    {.name = "used", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 2, .doc = "What is used."},
};
static const uint16_t order_345[] = {0, 1};
static const uint16_t wire_345[] = {0, 1};
static const Field fields_346[] = { /* io.k8s.api.core.v1.ResourceRequirements */
    {.name = "limits", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 1, .doc = "The most it may use."},
    {.name = "requests", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 2, .doc = "What it is sure to get; the limits when absent."},
    {.name = "claims", .kind = FIELD_LIST, .elem = &elem_115, .protobuf = 3, .list_type = LIST_MAP, .list_map_keys = list_8, .doc = "Devices of the pod that it uses."},
};
static const uint16_t order_346[] = {2, 0, 1};
static const uint16_t wire_346[] = {0, 1, 2};
static const Field fields_347[] = { /* io.k8s.api.core.v1.ResourceStatus */
    {.name = "name", .kind = FIELD_STRING, .go_type = "v1.ResourceName", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_116, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_14},
};
static const uint16_t order_347[] = {0, 1};
static const uint16_t wire_347[] = {0, 1};
static const Field fields_348[] = { /* io.k8s.api.core.v1.SELinuxOptions */
    {.name = "user", .kind = FIELD_STRING, .protobuf = 1, .doc = "User of the label."},
    {.name = "role", .kind = FIELD_STRING, .protobuf = 2, .doc = "Role of the label."},
    {.name = "type", .kind = FIELD_STRING, .protobuf = 3, .doc = "Type of the label."},
    {.name = "level", .kind = FIELD_STRING, .protobuf = 4, .doc = "Level of the label."},
};
static const uint16_t order_348[] = {3, 1, 2, 0};
static const uint16_t wire_348[] = {0, 1, 2, 3};
static const Field fields_349[] = { /* io.k8s.api.core.v1.ScaleIOPersistentVolumeSource */
    {.name = "gateway", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "system", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[358], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS},
    {.name = "sslEnabled", .kind = FIELD_BOOL, .protobuf = 4},
    {.name = "protectionDomain", .kind = FIELD_STRING, .protobuf = 5},
    {.name = "storagePool", .kind = FIELD_STRING, .protobuf = 6},
    {.name = "storageMode", .kind = FIELD_STRING, .protobuf = 7, .deflt = "\"ThinProvisioned\""},
    {.name = "volumeName", .kind = FIELD_STRING, .protobuf = 8},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 9, .deflt = "\"xfs\"", .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 10, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_349[] = {8, 0, 4, 9, 2, 3, 6, 5, 1, 7};
static const uint16_t wire_349[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const Field fields_350[] = { /* io.k8s.api.core.v1.ScaleIOVolumeSource */
    {.name = "gateway", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "system", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[269], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS},
    {.name = "sslEnabled", .kind = FIELD_BOOL, .protobuf = 4},
    {.name = "protectionDomain", .kind = FIELD_STRING, .protobuf = 5},
    {.name = "storagePool", .kind = FIELD_STRING, .protobuf = 6},
    {.name = "storageMode", .kind = FIELD_STRING, .protobuf = 7, .deflt = "\"ThinProvisioned\""},
    {.name = "volumeName", .kind = FIELD_STRING, .protobuf = 8},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 9, .deflt = "\"xfs\"", .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 10, .doc = "Whether it is mounted for reading only."},
};
static const uint16_t order_350[] = {8, 0, 4, 9, 2, 3, 6, 5, 1, 7};
static const uint16_t wire_350[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const Field fields_351[] = { /* io.k8s.api.core.v1.ScopeSelector */
    {.name = "matchExpressions", .kind = FIELD_LIST, .elem = &elem_117, .protobuf = 1, .doc = "Requirements, all of which must hold."},
};
static const uint16_t order_351[] = {0};
static const uint16_t wire_351[] = {0};
static const Field fields_352[] = { /* io.k8s.api.core.v1.ScopedResourceSelectorRequirement */
    {.name = "scopeName", .kind = FIELD_STRING, .go_type = "v1.ResourceQuotaScope", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the scope, such as PriorityClass."},
    {.name = "operator", .kind = FIELD_STRING, .go_type = "v1.ScopeSelectorOperator", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "In, NotIn, Exists or DoesNotExist."},
    {.name = "values", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "What it is compared with."},
};
static const uint16_t order_352[] = {1, 0, 2};
static const uint16_t wire_352[] = {0, 1, 2};
static const Field fields_353[] = { /* io.k8s.api.core.v1.SeccompProfile */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.SeccompProfileType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "RuntimeDefault, Localhost or Unconfined."},
    {.name = "localhostProfile", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR, .doc = "File on the node; for type Localhost."},
};
static const uint16_t order_353[] = {1, 0};
static const uint16_t wire_353[] = {0, 1};
static const Field fields_354[] = { /* io.k8s.api.core.v1.Secret */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "immutable", .kind = FIELD_BOOL, .protobuf = 5, .flags = FIELD_PTR, .doc = "Whether data may not change any more; once true it stays so."},
    {.name = "data", .kind = FIELD_MAP, .elem = &elem_56, .protobuf = 2, .doc = "Bytes by name, in base64."},
    {.name = "stringData", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 4, .doc = "Texts by name, to write data without base64; never read back."},
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.SecretType", .protobuf = 3, .deflt = "\"Opaque\"", .doc = "What the secret is for, such as Opaque or kubernetes.io/tls; says which entries must be there."},
};
static const uint16_t order_354[] = {1, 4, 3, 0, 2, 5, 6};
static const uint16_t wire_354[] = {2, 4, 6, 5, 3};
static const Field fields_355[] = { /* io.k8s.api.core.v1.SecretEnvSource */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1 << 16 | 1, .flags = FIELD_INLINE, .doc = "Name of the secret."},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_355[] = {0, 1};
static const uint16_t wire_355[] = {0, 1};
static const Field fields_356[] = { /* io.k8s.api.core.v1.SecretKeySelector */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1 << 16 | 1, .flags = FIELD_INLINE, .doc = "Name of the secret."},
    {.name = "key", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the entry."},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 3, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_356[] = {1, 0, 2};
static const uint16_t wire_356[] = {0, 1, 2};
static const Field fields_357[] = { /* io.k8s.api.core.v1.SecretProjection */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1 << 16 | 1, .flags = FIELD_INLINE, .doc = "Name of the secret."},
    {.name = "items", .kind = FIELD_LIST, .elem = &elem_57, .protobuf = 2, .doc = "Which entries become which files; all by their names when empty."},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_357[] = {1, 0, 2};
static const uint16_t wire_357[] = {0, 1, 2};
static const Field fields_358[] = { /* io.k8s.api.core.v1.SecretReference */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Its name."},
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 2, .doc = "Its namespace."},
};
static const uint16_t order_358[] = {0, 1};
static const uint16_t wire_358[] = {0, 1};
static const Field fields_359[] = { /* io.k8s.api.core.v1.SecretVolumeSource */
    {.name = "secretName", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the secret."},
    {.name = "items", .kind = FIELD_LIST, .elem = &elem_57, .protobuf = 2, .doc = "Which entries become which files; all by their names when empty."},
    {.name = "defaultMode", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR, .deflt = "420", .doc = "Permission bits of the files that name none of their own."},
    {.name = "optional", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .doc = "Whether it may be missing; the container then starts without it."},
};
static const uint16_t order_359[] = {2, 1, 3, 0};
static const uint16_t wire_359[] = {0, 1, 2, 3};
static const Field fields_360[] = { /* io.k8s.api.core.v1.SecurityContext */
    {.name = "capabilities", .kind = FIELD_OBJECT, .type = &gen_types[195], .protobuf = 1, .flags = FIELD_PTR, .doc = "Linux capabilities to add and drop."},
    {.name = "privileged", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_PTR, .doc = "Whether it has the powers of the node's root."},
    {.name = "seLinuxOptions", .kind = FIELD_OBJECT, .type = &gen_types[348], .protobuf = 3, .flags = FIELD_PTR, .doc = "SELinux label."},
    {.name = "windowsOptions", .kind = FIELD_OBJECT, .type = &gen_types[390], .protobuf = 10, .flags = FIELD_PTR, .doc = "Settings for Windows."},
    {.name = "runAsUser", .kind = FIELD_INT64, .protobuf = 4, .flags = FIELD_PTR, .doc = "User that the program runs as."},
    {.name = "runAsGroup", .kind = FIELD_INT64, .protobuf = 8, .flags = FIELD_PTR, .doc = "Group that the program runs as."},
    {.name = "runAsNonRoot", .kind = FIELD_BOOL, .protobuf = 5, .flags = FIELD_PTR, .doc = "Whether the container is refused when it would run as root."},
    {.name = "readOnlyRootFilesystem", .kind = FIELD_BOOL, .protobuf = 6, .flags = FIELD_PTR, .doc = "Whether the image's files cannot be changed."},
    {.name = "allowPrivilegeEscalation", .kind = FIELD_BOOL, .protobuf = 7, .flags = FIELD_PTR, .doc = "Whether a program may gain more rights than its parent."},
    {.name = "procMount", .kind = FIELD_STRING, .go_type = "v1.ProcMountType", .protobuf = 9, .flags = FIELD_PTR, .doc = "Default or Unmasked; how much of /proc shows."},
    {.name = "seccompProfile", .kind = FIELD_OBJECT, .type = &gen_types[353], .protobuf = 11, .flags = FIELD_PTR, .doc = "Which system calls are allowed."},
    {.name = "appArmorProfile", .kind = FIELD_OBJECT, .type = &gen_types[187], .protobuf = 12, .flags = FIELD_PTR, .doc = "AppArmor profile."},
};
static const uint16_t order_360[] = {8, 11, 0, 1, 9, 7, 5, 6, 4, 2, 10, 3};
static const uint16_t wire_360[] = {0, 1, 2, 4, 6, 7, 8, 5, 9, 3, 10, 11};
static const Field fields_361[] = { /* io.k8s.api.core.v1.Service */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[365], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[366], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_361[] = {1, 0, 2, 3, 4};
static const uint16_t wire_361[] = {2, 3, 4};
static const Field fields_362[] = { /* io.k8s.api.core.v1.ServiceAccount */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "secrets", .kind = FIELD_LIST, .elem = &elem_45, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_PATCH_MERGE, .doc = "Secrets that its pods may mount, where that is enforced."},
    {.name = "imagePullSecrets", .kind = FIELD_LIST, .elem = &elem_99, .protobuf = 3, .doc = "Secrets with passwords of image registries, given to its pods."},
    {.name = "automountServiceAccountToken", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .doc = "Whether its pods get a token."},
};
static const uint16_t order_362[] = {1, 5, 4, 0, 2, 3};
static const uint16_t wire_362[] = {2, 3, 4, 5};
static const Field fields_363[] = { /* io.k8s.api.core.v1.ServiceAccountTokenProjection */
    {.name = "audience", .kind = FIELD_STRING, .protobuf = 1, .doc = "Whom the token is for; the API server when empty."},
    {.name = "expirationSeconds", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_PTR, .deflt = "3600", .doc = "How long the token is good; an hour by default."},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Path of the file inside the volume."},
};
static const uint16_t order_363[] = {0, 1, 2};
static const uint16_t wire_363[] = {0, 1, 2};
static const Field fields_364[] = { /* io.k8s.api.core.v1.ServicePort */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Its name; required when there are several."},
    {.name = "protocol", .kind = FIELD_STRING, .go_type = "v1.Protocol", .protobuf = 2, .deflt = "\"TCP\"", .doc = "TCP, UDP or SCTP."},
    {.name = "appProtocol", .kind = FIELD_STRING, .protobuf = 6, .flags = FIELD_PTR, .doc = "What is spoken on it, such as https or kubernetes.io/h2c."},
    {.name = "port", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Number of the port."},
    {.name = "targetPort", .kind = FIELD_INT_OR_STRING, .protobuf = 4, .flags = FIELD_ALWAYS, .doc = "Number or name of the pods' port; the same number when absent."},
    {.name = "nodePort", .kind = FIELD_INT32, .protobuf = 5, .doc = "Port of every node that leads here; for types NodePort and LoadBalancer."},
};
static const uint16_t order_364[] = {2, 0, 5, 3, 1, 4};
static const uint16_t wire_364[] = {0, 1, 3, 4, 5, 2};
static const Field fields_365[] = { /* io.k8s.api.core.v1.ServiceSpec */
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_118, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_15, .merge_key = "port", .flags = FIELD_PATCH_MERGE, .doc = "The ports."},
    {.name = "selector", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 2, .flags = FIELD_MAP_ATOMIC, .doc = "Labels of the pods. Without it the endpoints are written by somebody else."},
    {.name = "clusterIP", .kind = FIELD_STRING, .protobuf = 3, .doc = "Its address inside the cluster; None for a headless service."},
    {.name = "clusterIPs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 18, .doc = "Its addresses inside the cluster, one a family."},
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.ServiceType", .protobuf = 4, .deflt = "\"ClusterIP\"", .doc = "ClusterIP, NodePort, LoadBalancer or ExternalName."},
    {.name = "externalIPs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5, .doc = "Addresses from outside that nodes take traffic for."},
    {.name = "sessionAffinity", .kind = FIELD_STRING, .go_type = "v1.ServiceAffinity", .protobuf = 7, .deflt = "\"None\"", .doc = "None, or ClientIP to keep a client with one pod."},
    {.name = "loadBalancerIP", .kind = FIELD_STRING, .protobuf = 8, .doc = "Wish for an address of the load balancer; few providers follow it."},
    {.name = "loadBalancerSourceRanges", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 9, .doc = "Clients that the load balancer lets in."},
    {.name = "externalName", .kind = FIELD_STRING, .protobuf = 10, .doc = "Name that is answered as an alias; for type ExternalName."},
    {.name = "externalTrafficPolicy", .kind = FIELD_STRING, .go_type = "v1.ServiceExternalTrafficPolicy", .protobuf = 11, .doc = "Cluster, or Local to stay on the node and keep the client's address."},
    {.name = "healthCheckNodePort", .kind = FIELD_INT32, .protobuf = 12, .doc = "Port that tells load balancers whether a node has pods."},
    {.name = "publishNotReadyAddresses", .kind = FIELD_BOOL, .protobuf = 13, .doc = "Whether pods count before they are ready."},
    {.name = "sessionAffinityConfig", .kind = FIELD_OBJECT, .type = &gen_types[367], .protobuf = 14, .flags = FIELD_PTR, .doc = "How long a client is kept."},
    {.name = "ipFamilies", .kind = FIELD_LIST, .elem = &elem_119, .go_type = "[]v1.IPFamily", .protobuf = 19, .doc = "IPv4, IPv6 or both."},
    {.name = "ipFamilyPolicy", .kind = FIELD_STRING, .go_type = "v1.IPFamilyPolicy", .protobuf = 17, .flags = FIELD_PTR, .doc = "SingleStack, PreferDualStack or RequireDualStack."},
    {.name = "allocateLoadBalancerNodePorts", .kind = FIELD_BOOL, .protobuf = 20, .flags = FIELD_PTR, .doc = "Whether the type LoadBalancer gets node ports."},
    {.name = "loadBalancerClass", .kind = FIELD_STRING, .protobuf = 21, .flags = FIELD_PTR, .doc = "Which load balancer takes care of it."},
    {.name = "internalTrafficPolicy", .kind = FIELD_STRING, .go_type = "v1.ServiceInternalTrafficPolicy", .protobuf = 22, .flags = FIELD_PTR, .doc = "Cluster, or Local to stay on the node."},
    {.name = "trafficDistribution", .kind = FIELD_STRING, .protobuf = 23, .flags = FIELD_PTR, .doc = "Wish to stay near the client, such as PreferClose."},
};
static const uint16_t order_365[] = {16, 2, 3, 5, 9, 10, 11, 18, 14, 15, 17, 7, 8, 0, 12, 1, 6, 13, 19, 4};
static const uint16_t wire_365[] = {0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 3, 14, 16, 17, 18, 19};
static const Field fields_366[] = { /* io.k8s.api.core.v1.ServiceStatus */
    {.name = "loadBalancer", .kind = FIELD_OBJECT, .type = &gen_types[268], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "State of its load balancer."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_3, .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_366[] = {1, 0};
static const uint16_t wire_366[] = {0, 1};
static const Field fields_367[] = { /* io.k8s.api.core.v1.SessionAffinityConfig */
    {.name = "clientIP", .kind = FIELD_OBJECT, .type = &gen_types[200], .protobuf = 1, .flags = FIELD_PTR, .doc = "Settings of ClientIP."},
};
static const uint16_t order_367[] = {0};
static const uint16_t wire_367[] = {0};
static const Field fields_368[] = { /* io.k8s.api.core.v1.SleepAction */
    {.name = "seconds", .kind = FIELD_INT64, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How long."},
};
static const uint16_t order_368[] = {0};
static const uint16_t wire_368[] = {0};
static const Field fields_369[] = { /* io.k8s.api.core.v1.StorageOSPersistentVolumeSource */
    {.name = "volumeName", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "volumeNamespace", .kind = FIELD_STRING, .protobuf = 2},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether it is mounted for reading only."},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 5, .flags = FIELD_PTR},
};
static const uint16_t order_369[] = {2, 3, 4, 0, 1};
static const uint16_t wire_369[] = {0, 1, 2, 3, 4};
static const Field fields_370[] = { /* io.k8s.api.core.v1.StorageOSVolumeSource */
    {.name = "volumeName", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "volumeNamespace", .kind = FIELD_STRING, .protobuf = 2},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 3, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 4, .doc = "Whether it is mounted for reading only."},
    {.name = "secretRef", .kind = FIELD_OBJECT, .type = &gen_types[269], .protobuf = 5, .flags = FIELD_PTR},
};
static const uint16_t order_370[] = {2, 3, 4, 0, 1};
static const uint16_t wire_370[] = {0, 1, 2, 3, 4};
static const Field fields_371[] = { /* io.k8s.api.core.v1.Sysctl */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "value", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its value."},
};
static const uint16_t order_371[] = {0, 1};
static const uint16_t wire_371[] = {0, 1};
static const Field fields_372[] = { /* io.k8s.api.core.v1.TCPSocketAction */
    {.name = "port", .kind = FIELD_INT_OR_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Number or name of the port."},
    {.name = "host", .kind = FIELD_STRING, .protobuf = 2, .doc = "Host instead of the pod."},
};
static const uint16_t order_372[] = {1, 0};
static const uint16_t wire_372[] = {0, 1};
static const Field fields_373[] = { /* io.k8s.api.core.v1.Taint */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the mark."},
    {.name = "value", .kind = FIELD_STRING, .protobuf = 2, .doc = "Value of the mark."},
    {.name = "effect", .kind = FIELD_STRING, .go_type = "v1.TaintEffect", .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "NoSchedule, PreferNoSchedule or NoExecute (which also evicts)."},
    {.name = "timeAdded", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_PTR, .doc = "When it was put on."},
};
static const uint16_t order_373[] = {2, 0, 3, 1};
static const uint16_t wire_373[] = {0, 1, 2, 3};
static const Field fields_374[] = { /* io.k8s.api.core.v1.Toleration */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the taint; every one when empty, with Exists."},
    {.name = "operator", .kind = FIELD_STRING, .go_type = "v1.TolerationOperator", .protobuf = 2, .doc = "Equal, or Exists for any value."},
    {.name = "value", .kind = FIELD_STRING, .protobuf = 3, .doc = "Value of the taint."},
    {.name = "effect", .kind = FIELD_STRING, .go_type = "v1.TaintEffect", .protobuf = 4, .doc = "Effect of the taint; every one when empty."},
    {.name = "tolerationSeconds", .kind = FIELD_INT64, .protobuf = 5, .flags = FIELD_PTR, .doc = "For NoExecute, how long it is borne; for ever when absent."},
};
static const uint16_t order_374[] = {3, 0, 1, 4, 2};
static const uint16_t wire_374[] = {0, 1, 2, 3, 4};
static const Field fields_375[] = { /* io.k8s.api.core.v1.TopologySelectorLabelRequirement */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "values", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_375[] = {0, 1};
static const uint16_t wire_375[] = {0, 1};
static const Field fields_376[] = { /* io.k8s.api.core.v1.TopologySelectorTerm */
    {.name = "matchLabelExpressions", .kind = FIELD_LIST, .elem = &elem_120, .protobuf = 1},
};
static const uint16_t order_376[] = {0};
static const uint16_t wire_376[] = {0};
static const Field fields_377[] = { /* io.k8s.api.core.v1.TopologySpreadConstraint */
    {.name = "maxSkew", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "By how many pods two places may differ."},
    {.name = "topologyKey", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Label of nodes; nodes with the same value are one place."},
    {.name = "whenUnsatisfiable", .kind = FIELD_STRING, .go_type = "v1.UnsatisfiableConstraintAction", .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "DoNotSchedule, or ScheduleAnyway to try only."},
    {.name = "labelSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 4, .flags = FIELD_PTR, .doc = "Chooses the pods that are counted."},
    {.name = "minDomains", .kind = FIELD_INT32, .protobuf = 5, .flags = FIELD_PTR, .doc = "How many places there should be at least."},
    {.name = "nodeAffinityPolicy", .kind = FIELD_STRING, .go_type = "v1.NodeInclusionPolicy", .protobuf = 6, .flags = FIELD_PTR, .doc = "Whether nodes that the pod cannot go to by its node rules count - Honor or Ignore."},
    {.name = "nodeTaintsPolicy", .kind = FIELD_STRING, .go_type = "v1.NodeInclusionPolicy", .protobuf = 7, .flags = FIELD_PTR, .doc = "Whether nodes with taints that the pod does not bear count - Honor or Ignore."},
    {.name = "matchLabelKeys", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 8, .doc = "Labels of this pod whose values the counted pods must share."},
};
static const uint16_t order_377[] = {3, 7, 0, 4, 5, 6, 1, 2};
static const uint16_t wire_377[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_378[] = { /* io.k8s.api.core.v1.TypedLocalObjectReference */
    {.name = "apiGroup", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR | FIELD_ALWAYS, .doc = "Its group."},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its kind."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
};
static const uint16_t order_378[] = {0, 1, 2};
static const uint16_t wire_378[] = {0, 1, 2};
static const Field fields_379[] = { /* io.k8s.api.core.v1.TypedObjectReference */
    {.name = "apiGroup", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR | FIELD_ALWAYS, .doc = "Its group."},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its kind."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR, .doc = "Its namespace."},
};
static const uint16_t order_379[] = {0, 1, 2, 3};
static const uint16_t wire_379[] = {0, 1, 2, 3};
static const Field fields_380[] = { /* io.k8s.api.core.v1.Volume */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the volume, unique in its pod."},
    {.name = "hostPath", .kind = FIELD_OBJECT, .type = &gen_types[255], .protobuf = 2 << 16 | 1, .flags = FIELD_PTR | FIELD_INLINE, .doc = "A file or folder of the node."},
    {.name = "emptyDir", .kind = FIELD_OBJECT, .type = &gen_types[227], .protobuf = 2 << 16 | 2, .flags = FIELD_PTR | FIELD_INLINE, .doc = "A folder that is empty at first and goes with the pod."},
    {.name = "gcePersistentDisk", .kind = FIELD_OBJECT, .type = &gen_types[246], .protobuf = 2 << 16 | 3, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "awsElasticBlockStore", .kind = FIELD_OBJECT, .type = &gen_types[185], .protobuf = 2 << 16 | 4, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "gitRepo", .kind = FIELD_OBJECT, .type = &gen_types[248], .protobuf = 2 << 16 | 5, .flags = FIELD_PTR | FIELD_INLINE, .doc = "No longer offered."},
    {.name = "secret", .kind = FIELD_OBJECT, .type = &gen_types[359], .protobuf = 2 << 16 | 6, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Entries of a secret as files."},
    {.name = "nfs", .kind = FIELD_OBJECT, .type = &gen_types[272], .protobuf = 2 << 16 | 7, .flags = FIELD_PTR | FIELD_INLINE, .doc = "A folder of an NFS server."},
    {.name = "iscsi", .kind = FIELD_OBJECT, .type = &gen_types[257], .protobuf = 2 << 16 | 8, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "glusterfs", .kind = FIELD_OBJECT, .type = &gen_types[250], .protobuf = 2 << 16 | 9, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "persistentVolumeClaim", .kind = FIELD_OBJECT, .type = &gen_types[303], .protobuf = 2 << 16 | 10, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Storage that a claim stands for."},
    {.name = "rbd", .kind = FIELD_OBJECT, .type = &gen_types[335], .protobuf = 2 << 16 | 11, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "flexVolume", .kind = FIELD_OBJECT, .type = &gen_types[244], .protobuf = 2 << 16 | 12, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "cinder", .kind = FIELD_OBJECT, .type = &gen_types[199], .protobuf = 2 << 16 | 13, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "cephfs", .kind = FIELD_OBJECT, .type = &gen_types[197], .protobuf = 2 << 16 | 14, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "flocker", .kind = FIELD_OBJECT, .type = &gen_types[245], .protobuf = 2 << 16 | 15, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "downwardAPI", .kind = FIELD_OBJECT, .type = &gen_types[226], .protobuf = 2 << 16 | 16, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Facts about the pod as files."},
    {.name = "fc", .kind = FIELD_OBJECT, .type = &gen_types[241], .protobuf = 2 << 16 | 17, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "azureFile", .kind = FIELD_OBJECT, .type = &gen_types[191], .protobuf = 2 << 16 | 18, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "configMap", .kind = FIELD_OBJECT, .type = &gen_types[209], .protobuf = 2 << 16 | 19, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Entries of a config map as files."},
    {.name = "vsphereVolume", .kind = FIELD_OBJECT, .type = &gen_types[388], .protobuf = 2 << 16 | 20, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "quobyte", .kind = FIELD_OBJECT, .type = &gen_types[333], .protobuf = 2 << 16 | 21, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "azureDisk", .kind = FIELD_OBJECT, .type = &gen_types[189], .protobuf = 2 << 16 | 22, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "photonPersistentDisk", .kind = FIELD_OBJECT, .type = &gen_types[306], .protobuf = 2 << 16 | 23, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "projected", .kind = FIELD_OBJECT, .type = &gen_types[332], .protobuf = 2 << 16 | 26, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Several sources in one folder."},
    {.name = "portworxVolume", .kind = FIELD_OBJECT, .type = &gen_types[329], .protobuf = 2 << 16 | 24, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "scaleIO", .kind = FIELD_OBJECT, .type = &gen_types[350], .protobuf = 2 << 16 | 25, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "storageos", .kind = FIELD_OBJECT, .type = &gen_types[370], .protobuf = 2 << 16 | 27, .flags = FIELD_PTR | FIELD_INLINE},
    {.name = "csi", .kind = FIELD_OBJECT, .type = &gen_types[194], .protobuf = 2 << 16 | 28, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Storage of a driver that lives with the pod."},
    {.name = "ephemeral", .kind = FIELD_OBJECT, .type = &gen_types[236], .protobuf = 2 << 16 | 29, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Storage that is made for the pod and goes with it."},
    {.name = "image", .kind = FIELD_OBJECT, .type = &gen_types[258], .protobuf = 2 << 16 | 30, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Files of an image."},
};
static const uint16_t order_380[] = {4, 22, 18, 14, 13, 19, 28, 16, 2, 29, 17, 12, 15, 3, 5, 9, 1, 30, 8, 0, 7, 10, 23, 25, 24, 21, 11, 26, 6, 27, 20};
static const uint16_t wire_380[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 24, 27, 28, 29, 30};
static const Field fields_381[] = { /* io.k8s.api.core.v1.VolumeDevice */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the volume."},
    {.name = "devicePath", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Path of the device."},
};
static const uint16_t order_381[] = {1, 0};
static const uint16_t wire_381[] = {0, 1};
static const Field fields_382[] = { /* io.k8s.api.core.v1.VolumeMount */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the volume."},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 2, .doc = "Whether it is mounted for reading only."},
    {.name = "recursiveReadOnly", .kind = FIELD_STRING, .go_type = "v1.RecursiveReadOnlyMode", .protobuf = 7, .flags = FIELD_PTR, .doc = "Whether mounts below are read-only too - Disabled, IfPossible or Enabled."},
    {.name = "mountPath", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Path in the container."},
    {.name = "subPath", .kind = FIELD_STRING, .protobuf = 4, .doc = "Path inside the volume that is mounted instead of its top."},
    {.name = "mountPropagation", .kind = FIELD_STRING, .go_type = "v1.MountPropagationMode", .protobuf = 5, .flags = FIELD_PTR, .doc = "Whether later mounts show on the other side - None, HostToContainer or Bidirectional."},
    {.name = "subPathExpr", .kind = FIELD_STRING, .protobuf = 6, .doc = "As subPath, with $(NAME) for environment variables."},
};
static const uint16_t order_382[] = {3, 5, 0, 1, 2, 4, 6};
static const uint16_t wire_382[] = {0, 1, 3, 4, 5, 6, 2};
static const Field fields_383[] = { /* io.k8s.api.core.v1.VolumeMountStatus */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "mountPath", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "readOnly", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether it is mounted for reading only."},
    {.name = "recursiveReadOnly", .kind = FIELD_STRING, .go_type = "v1.RecursiveReadOnlyMode", .protobuf = 4, .flags = FIELD_PTR},
    {.name = "volumeStatus", .kind = FIELD_OBJECT, .type = &gen_types[387], .protobuf = 5, .flags = FIELD_PTR},
};
static const uint16_t order_383[] = {1, 0, 2, 3, 4};
static const uint16_t wire_383[] = {0, 1, 2, 3, 4};
static const Field fields_384[] = { /* io.k8s.api.core.v1.VolumeNodeAffinity */
    {.name = "required", .kind = FIELD_OBJECT, .type = &gen_types[288], .protobuf = 1, .flags = FIELD_PTR, .doc = "What a node must satisfy."},
};
static const uint16_t order_384[] = {0};
static const uint16_t wire_384[] = {0};
static const Field fields_385[] = { /* io.k8s.api.core.v1.VolumeProjection */
    {.name = "secret", .kind = FIELD_OBJECT, .type = &gen_types[357], .protobuf = 1, .flags = FIELD_PTR, .doc = "Entries of a secret."},
    {.name = "downwardAPI", .kind = FIELD_OBJECT, .type = &gen_types[224], .protobuf = 2, .flags = FIELD_PTR, .doc = "Facts about the pod."},
    {.name = "configMap", .kind = FIELD_OBJECT, .type = &gen_types[208], .protobuf = 3, .flags = FIELD_PTR, .doc = "Entries of a config map."},
    {.name = "serviceAccountToken", .kind = FIELD_OBJECT, .type = &gen_types[363], .protobuf = 4, .flags = FIELD_PTR, .doc = "A token of the pod's account."},
    {.name = "clusterTrustBundle", .kind = FIELD_OBJECT, .type = &gen_types[201], .protobuf = 5, .flags = FIELD_PTR, .doc = "Certificates of a trust bundle."},
    {.name = "podCertificate", .kind = FIELD_OBJECT, .type = &gen_types[311], .protobuf = 6, .flags = FIELD_PTR},
};
static const uint16_t order_385[] = {4, 2, 1, 5, 0, 3};
static const uint16_t wire_385[] = {0, 1, 2, 3, 4, 5};
static const Field fields_386[] = { /* io.k8s.api.core.v1.VolumeResourceRequirements */
    {.name = "limits", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 1, .doc = "The most."},
    {.name = "requests", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 2, .doc = "The least."},
};
static const uint16_t order_386[] = {0, 1};
static const uint16_t wire_386[] = {0, 1};
static const Field fields_387[] = { /* io.k8s.api.core.v1.VolumeStatus */
    {.name = "image", .kind = FIELD_OBJECT, .type = &gen_types[259], .protobuf = 1, .flags = FIELD_PTR},
};
static const uint16_t order_387[] = {0};
static const uint16_t wire_387[] = {0};
static const Field fields_388[] = { /* io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource */
    {.name = "volumePath", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "fsType", .kind = FIELD_STRING, .protobuf = 2, .doc = "Name of the file system to mount, such as ext4 or xfs."},
    {.name = "storagePolicyName", .kind = FIELD_STRING, .protobuf = 3},
    {.name = "storagePolicyID", .kind = FIELD_STRING, .protobuf = 4},
};
static const uint16_t order_388[] = {1, 3, 2, 0};
static const uint16_t wire_388[] = {0, 1, 2, 3};
static const Field fields_389[] = { /* io.k8s.api.core.v1.WeightedPodAffinityTerm */
    {.name = "weight", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How much it counts, from 1 to 100."},
    {.name = "podAffinityTerm", .kind = FIELD_OBJECT, .type = &gen_types[309], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The term."},
};
static const uint16_t order_389[] = {1, 0};
static const uint16_t wire_389[] = {0, 1};
static const Field fields_390[] = { /* io.k8s.api.core.v1.WindowsSecurityContextOptions */
    {.name = "gmsaCredentialSpecName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR},
    {.name = "gmsaCredentialSpec", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR},
    {.name = "runAsUserName", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR},
    {.name = "hostProcess", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_390[] = {1, 0, 3, 2};
static const uint16_t wire_390[] = {0, 1, 2, 3};
static const Field fields_391[] = { /* io.k8s.api.discovery.v1.Endpoint */
    {.name = "addresses", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .list_type = LIST_SET, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its addresses; clients take the first."},
    {.name = "conditions", .kind = FIELD_OBJECT, .type = &gen_types[392], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "Whether it takes traffic."},
    {.name = "hostname", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR, .doc = "Its name below the service's."},
    {.name = "targetRef", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 4, .flags = FIELD_PTR, .doc = "The pod that it is."},
    {.name = "deprecatedTopology", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 5},
    {.name = "nodeName", .kind = FIELD_STRING, .protobuf = 6, .flags = FIELD_PTR, .doc = "Node that it is on."},
    {.name = "zone", .kind = FIELD_STRING, .protobuf = 7, .flags = FIELD_PTR, .doc = "Zone that it is in."},
    {.name = "hints", .kind = FIELD_OBJECT, .type = &gen_types[393], .protobuf = 8, .flags = FIELD_PTR, .doc = "For whom it is best."},
};
static const uint16_t order_391[] = {0, 1, 4, 7, 2, 5, 3, 6};
static const uint16_t wire_391[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_392[] = { /* io.k8s.api.discovery.v1.EndpointConditions */
    {.name = "ready", .kind = FIELD_BOOL, .protobuf = 1, .flags = FIELD_PTR, .doc = "It takes traffic."},
    {.name = "serving", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_PTR, .doc = "It answers, though it may be on its way out."},
    {.name = "terminating", .kind = FIELD_BOOL, .protobuf = 3, .flags = FIELD_PTR, .doc = "It is on its way out."},
};
static const uint16_t order_392[] = {0, 1, 2};
static const uint16_t wire_392[] = {0, 1, 2};
static const Field fields_393[] = { /* io.k8s.api.discovery.v1.EndpointHints */
    {.name = "forZones", .kind = FIELD_LIST, .elem = &elem_121, .protobuf = 1, .doc = "Clients of these zones."},
    {.name = "forNodes", .kind = FIELD_LIST, .elem = &elem_122, .protobuf = 2, .doc = "Clients of these nodes."},
};
static const uint16_t order_393[] = {1, 0};
static const uint16_t wire_393[] = {0, 1};
static const Field fields_394[] = { /* io.k8s.api.discovery.v1.EndpointPort */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR, .doc = "Name of the service's port."},
    {.name = "protocol", .kind = FIELD_STRING, .go_type = "v1.Protocol", .protobuf = 2, .flags = FIELD_PTR, .doc = "TCP, UDP or SCTP."},
    {.name = "port", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR, .doc = "Number of the port."},
    {.name = "appProtocol", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR, .doc = "What is spoken on it, such as https."},
};
static const uint16_t order_394[] = {3, 0, 2, 1};
static const uint16_t wire_394[] = {0, 1, 2, 3};
static const Field fields_395[] = { /* io.k8s.api.discovery.v1.EndpointSlice */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "addressType", .kind = FIELD_STRING, .go_type = "v1.AddressType", .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "IPv4, IPv6 or FQDN; never changes."},
    {.name = "endpoints", .kind = FIELD_LIST, .elem = &elem_123, .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The endpoints."},
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_124, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "Their ports."},
};
static const uint16_t order_395[] = {3, 1, 4, 0, 2, 5};
static const uint16_t wire_395[] = {2, 4, 5, 3};
static const Field fields_396[] = { /* io.k8s.api.discovery.v1.ForNode */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_396[] = {0};
static const uint16_t wire_396[] = {0};
static const Field fields_397[] = { /* io.k8s.api.discovery.v1.ForZone */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_397[] = {0};
static const uint16_t wire_397[] = {0};
static const Field fields_398[] = { /* io.k8s.api.events.v1.Event */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "eventTime", .kind = FIELD_MICRO_TIME, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "When it was first noticed."},
    {.name = "series", .kind = FIELD_OBJECT, .type = &gen_types[399], .protobuf = 3, .flags = FIELD_PTR, .doc = "About events that keep happening."},
    {.name = "reportingController", .kind = FIELD_STRING, .protobuf = 4, .doc = "Name of the controller that reports it."},
    {.name = "reportingInstance", .kind = FIELD_STRING, .protobuf = 5, .doc = "Which instance of the controller."},
    {.name = "action", .kind = FIELD_STRING, .protobuf = 6, .doc = "What was done about the object."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 7, .doc = "What happened, in one word."},
    {.name = "regarding", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 8, .flags = FIELD_ALWAYS, .doc = "The object."},
    {.name = "related", .kind = FIELD_OBJECT, .type = &gen_types[296], .protobuf = 9, .flags = FIELD_PTR, .doc = "Another object that has to do with it."},
    {.name = "note", .kind = FIELD_STRING, .protobuf = 10, .doc = "What happened, in a sentence."},
    {.name = "type", .kind = FIELD_STRING, .protobuf = 11, .doc = "Normal or Warning."},
    {.name = "deprecatedSource", .kind = FIELD_OBJECT, .type = &gen_types[239], .protobuf = 12, .flags = FIELD_ALWAYS, .doc = "As source in the older version."},
    {.name = "deprecatedFirstTimestamp", .kind = FIELD_TIME, .protobuf = 13, .flags = FIELD_ALWAYS, .doc = "As firstTimestamp in the older version."},
    {.name = "deprecatedLastTimestamp", .kind = FIELD_TIME, .protobuf = 14, .flags = FIELD_ALWAYS, .doc = "As lastTimestamp in the older version."},
    {.name = "deprecatedCount", .kind = FIELD_INT32, .protobuf = 15, .doc = "As count in the older version."},
};
static const uint16_t order_398[] = {7, 1, 16, 14, 15, 13, 3, 0, 2, 11, 8, 9, 10, 5, 6, 4, 12};
static const uint16_t wire_398[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const Field fields_399[] = { /* io.k8s.api.events.v1.EventSeries */
    {.name = "count", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How often so far."},
    {.name = "lastObservedTime", .kind = FIELD_MICRO_TIME, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "When last."},
};
static const uint16_t order_399[] = {0, 1};
static const uint16_t wire_399[] = {0, 1};
static const Field fields_400[] = { /* io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration */
    {.name = "nominalConcurrencyShares", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR},
    {.name = "lendablePercent", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_400[] = {1, 0};
static const uint16_t wire_400[] = {0, 1};
static const Field fields_401[] = { /* io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.FlowDistinguisherMethodType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_401[] = {0};
static const uint16_t wire_401[] = {0};
static const Field fields_402[] = { /* io.k8s.api.flowcontrol.v1.FlowSchema */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[404], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[405], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_402[] = {1, 0, 2, 3, 4};
static const uint16_t wire_402[] = {2, 3, 4};
static const Field fields_403[] = { /* io.k8s.api.flowcontrol.v1.FlowSchemaCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.FlowSchemaConditionType", .protobuf = 1, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_403[] = {2, 4, 3, 1, 0};
static const uint16_t wire_403[] = {0, 1, 2, 3, 4};
static const Field fields_404[] = { /* io.k8s.api.flowcontrol.v1.FlowSchemaSpec */
    {.name = "priorityLevelConfiguration", .kind = FIELD_OBJECT, .type = &gen_types[413], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The level."},
    {.name = "matchingPrecedence", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "Order in which schemas are tried; lower comes first."},
    {.name = "distinguisherMethod", .kind = FIELD_OBJECT, .type = &gen_types[401], .protobuf = 3, .flags = FIELD_PTR, .doc = "What tells flows apart - ByUser or ByNamespace."},
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_125, .protobuf = 4, .doc = "The requests."},
};
static const uint16_t order_404[] = {2, 1, 0, 3};
static const uint16_t wire_404[] = {0, 1, 2, 3};
static const Field fields_405[] = { /* io.k8s.api.flowcontrol.v1.FlowSchemaStatus */
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_126, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_405[] = {0};
static const uint16_t wire_405[] = {0};
static const Field fields_406[] = { /* io.k8s.api.flowcontrol.v1.GroupSubject */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_406[] = {0};
static const uint16_t wire_406[] = {0};
static const Field fields_407[] = { /* io.k8s.api.flowcontrol.v1.LimitResponse */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.LimitResponseType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "queuing", .kind = FIELD_OBJECT, .type = &gen_types[416], .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_407[] = {1, 0};
static const uint16_t wire_407[] = {0, 1};
static const Field fields_408[] = { /* io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration */
    {.name = "nominalConcurrencyShares", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR | FIELD_ALWAYS},
    {.name = "limitResponse", .kind = FIELD_OBJECT, .type = &gen_types[407], .protobuf = 2, .flags = FIELD_ALWAYS},
    {.name = "lendablePercent", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR},
    {.name = "borrowingLimitPercent", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_408[] = {3, 2, 1, 0};
static const uint16_t wire_408[] = {0, 1, 2, 3};
static const Field fields_409[] = { /* io.k8s.api.flowcontrol.v1.NonResourcePolicyRule */
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .list_type = LIST_SET, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "nonResourceURLs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 6, .list_type = LIST_SET, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_409[] = {1, 0};
static const uint16_t wire_409[] = {0, 1};
static const Field fields_410[] = { /* io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects */
    {.name = "subjects", .kind = FIELD_LIST, .elem = &elem_127, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resourceRules", .kind = FIELD_LIST, .elem = &elem_128, .protobuf = 2},
    {.name = "nonResourceRules", .kind = FIELD_LIST, .elem = &elem_129, .protobuf = 3},
};
static const uint16_t order_410[] = {2, 1, 0};
static const uint16_t wire_410[] = {0, 1, 2};
static const Field fields_411[] = { /* io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[414], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[415], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_411[] = {1, 0, 2, 3, 4};
static const uint16_t wire_411[] = {2, 3, 4};
static const Field fields_412[] = { /* io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.PriorityLevelConfigurationConditionType", .protobuf = 1, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_412[] = {2, 4, 3, 1, 0};
static const uint16_t wire_412[] = {0, 1, 2, 3, 4};
static const Field fields_413[] = { /* io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_413[] = {0};
static const uint16_t wire_413[] = {0};
static const Field fields_414[] = { /* io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.PriorityLevelEnablement", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "limited", .kind = FIELD_OBJECT, .type = &gen_types[408], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "exempt", .kind = FIELD_OBJECT, .type = &gen_types[400], .protobuf = 3, .flags = FIELD_PTR},
};
static const uint16_t order_414[] = {2, 1, 0};
static const uint16_t wire_414[] = {0, 1, 2};
static const Field fields_415[] = { /* io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus */
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_130, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_415[] = {0};
static const uint16_t wire_415[] = {0};
static const Field fields_416[] = { /* io.k8s.api.flowcontrol.v1.QueuingConfiguration */
    {.name = "queues", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_ALWAYS},
    {.name = "handSize", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_ALWAYS},
    {.name = "queueLengthLimit", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_ALWAYS},
};
static const uint16_t order_416[] = {1, 2, 0};
static const uint16_t wire_416[] = {0, 1, 2};
static const Field fields_417[] = { /* io.k8s.api.flowcontrol.v1.ResourcePolicyRule */
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .list_type = LIST_SET, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "apiGroups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .list_type = LIST_SET, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .list_type = LIST_SET, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "clusterScope", .kind = FIELD_BOOL, .protobuf = 4},
    {.name = "namespaces", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5, .list_type = LIST_SET, .flags = FIELD_ALWAYS},
};
static const uint16_t order_417[] = {1, 3, 4, 2, 0};
static const uint16_t wire_417[] = {0, 1, 2, 3, 4};
static const Field fields_418[] = { /* io.k8s.api.flowcontrol.v1.ServiceAccountSubject */
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_418[] = {1, 0};
static const uint16_t wire_418[] = {0, 1};
static const Field fields_419[] = { /* io.k8s.api.flowcontrol.v1.Subject */
    {.name = "kind", .kind = FIELD_STRING, .go_type = "v1.SubjectKind", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "user", .kind = FIELD_OBJECT, .type = &gen_types[420], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "group", .kind = FIELD_OBJECT, .type = &gen_types[406], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "serviceAccount", .kind = FIELD_OBJECT, .type = &gen_types[418], .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_419[] = {2, 0, 3, 1};
static const uint16_t wire_419[] = {0, 1, 2, 3};
static const Field fields_420[] = { /* io.k8s.api.flowcontrol.v1.UserSubject */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_420[] = {0};
static const uint16_t wire_420[] = {0};
static const Field fields_421[] = { /* io.k8s.api.networking.v1.HTTPIngressPath */
    {.name = "path", .kind = FIELD_STRING, .protobuf = 1, .doc = "The path."},
    {.name = "pathType", .kind = FIELD_STRING, .go_type = "v1.PathType", .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_PTR | FIELD_ALWAYS, .doc = "Exact, Prefix (by whole elements) or ImplementationSpecific."},
    {.name = "backend", .kind = FIELD_OBJECT, .type = &gen_types[427], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Where they go."},
};
static const uint16_t order_421[] = {2, 0, 1};
static const uint16_t wire_421[] = {0, 2, 1};
static const Field fields_422[] = { /* io.k8s.api.networking.v1.HTTPIngressRuleValue */
    {.name = "paths", .kind = FIELD_LIST, .elem = &elem_131, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The paths."},
};
static const uint16_t order_422[] = {0};
static const uint16_t wire_422[] = {0};
static const Field fields_423[] = { /* io.k8s.api.networking.v1.IPAddress */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[424], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_423[] = {1, 0, 2, 3};
static const uint16_t wire_423[] = {2, 3};
static const Field fields_424[] = { /* io.k8s.api.networking.v1.IPAddressSpec */
    {.name = "parentRef", .kind = FIELD_OBJECT, .type = &gen_types[445], .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_PTR},
};
static const uint16_t order_424[] = {0};
static const uint16_t wire_424[] = {0};
static const Field fields_425[] = { /* io.k8s.api.networking.v1.IPBlock */
    {.name = "cidr", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The range, such as 10.0.0.0/8."},
    {.name = "except", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Ranges inside it that do not count."},
};
static const uint16_t order_425[] = {0, 1};
static const uint16_t wire_425[] = {0, 1};
static const Field fields_426[] = { /* io.k8s.api.networking.v1.Ingress */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[436], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[437], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_426[] = {1, 0, 2, 3, 4};
static const uint16_t wire_426[] = {2, 3, 4};
static const Field fields_427[] = { /* io.k8s.api.networking.v1.IngressBackend */
    {.name = "service", .kind = FIELD_OBJECT, .type = &gen_types[435], .protobuf = 4, .flags = FIELD_PTR, .doc = "A service."},
    {.name = "resource", .kind = FIELD_OBJECT, .type = &gen_types[378], .protobuf = 3, .flags = FIELD_PTR, .doc = "Another object; not together with service."},
};
static const uint16_t order_427[] = {1, 0};
static const uint16_t wire_427[] = {1, 0};
static const Field fields_428[] = { /* io.k8s.api.networking.v1.IngressClass */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[430], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_428[] = {1, 0, 2, 3};
static const uint16_t wire_428[] = {2, 3};
static const Field fields_429[] = { /* io.k8s.api.networking.v1.IngressClassParametersReference */
    {.name = "apiGroup", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "scope", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR | FIELD_ALWAYS},
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_PTR},
};
static const uint16_t order_429[] = {0, 1, 2, 4, 3};
static const uint16_t wire_429[] = {0, 1, 2, 3, 4};
static const Field fields_430[] = { /* io.k8s.api.networking.v1.IngressClassSpec */
    {.name = "controller", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the controller."},
    {.name = "parameters", .kind = FIELD_OBJECT, .type = &gen_types[429], .protobuf = 2, .flags = FIELD_PTR, .doc = "Object with its settings."},
};
static const uint16_t order_430[] = {0, 1};
static const uint16_t wire_430[] = {0, 1};
static const Field fields_431[] = { /* io.k8s.api.networking.v1.IngressLoadBalancerIngress */
    {.name = "ip", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "hostname", .kind = FIELD_STRING, .protobuf = 2},
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_132, .protobuf = 4},
};
static const uint16_t order_431[] = {1, 0, 2};
static const uint16_t wire_431[] = {0, 1, 2};
static const Field fields_432[] = { /* io.k8s.api.networking.v1.IngressLoadBalancerStatus */
    {.name = "ingress", .kind = FIELD_LIST, .elem = &elem_133, .protobuf = 1},
};
static const uint16_t order_432[] = {0};
static const uint16_t wire_432[] = {0};
static const Field fields_433[] = { /* io.k8s.api.networking.v1.IngressPortStatus */
    {.name = "port", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "protocol", .kind = FIELD_STRING, .go_type = "v1.Protocol", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "error", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR},
};
static const uint16_t order_433[] = {2, 0, 1};
static const uint16_t wire_433[] = {0, 1, 2};
static const Field fields_434[] = { /* io.k8s.api.networking.v1.IngressRule */
    {.name = "host", .kind = FIELD_STRING, .protobuf = 1, .doc = "The host, such as shop.example or *.shop.example; every one when empty."},
    {.name = "http", .kind = FIELD_OBJECT, .type = &gen_types[422], .protobuf = 2 << 16 | 1, .flags = FIELD_PTR | FIELD_INLINE, .doc = "Its paths."},
};
static const uint16_t order_434[] = {0, 1};
static const uint16_t wire_434[] = {0, 1};
static const Field fields_435[] = { /* io.k8s.api.networking.v1.IngressServiceBackend */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the service."},
    {.name = "port", .kind = FIELD_OBJECT, .type = &gen_types[446], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The port."},
};
static const uint16_t order_435[] = {0, 1};
static const uint16_t wire_435[] = {0, 1};
static const Field fields_436[] = { /* io.k8s.api.networking.v1.IngressSpec */
    {.name = "ingressClassName", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR, .doc = "The class that takes care of it."},
    {.name = "defaultBackend", .kind = FIELD_OBJECT, .type = &gen_types[427], .protobuf = 1, .flags = FIELD_PTR, .doc = "Where requests go that no rule is about."},
    {.name = "tls", .kind = FIELD_LIST, .elem = &elem_134, .protobuf = 2, .doc = "Hosts with certificates."},
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_135, .protobuf = 3, .doc = "Rules by host."},
};
static const uint16_t order_436[] = {1, 0, 3, 2};
static const uint16_t wire_436[] = {1, 2, 3, 0};
static const Field fields_437[] = { /* io.k8s.api.networking.v1.IngressStatus */
    {.name = "loadBalancer", .kind = FIELD_OBJECT, .type = &gen_types[432], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Where it takes requests."},
};
static const uint16_t order_437[] = {0};
static const uint16_t wire_437[] = {0};
static const Field fields_438[] = { /* io.k8s.api.networking.v1.IngressTLS */
    {.name = "hosts", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .doc = "The hosts."},
    {.name = "secretName", .kind = FIELD_STRING, .protobuf = 2, .doc = "Secret with certificate and key."},
};
static const uint16_t order_438[] = {0, 1};
static const uint16_t wire_438[] = {0, 1};
static const Field fields_439[] = { /* io.k8s.api.networking.v1.NetworkPolicy */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[444], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_439[] = {1, 0, 2, 3};
static const uint16_t wire_439[] = {2, 3};
static const Field fields_440[] = { /* io.k8s.api.networking.v1.NetworkPolicyEgressRule */
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_136, .protobuf = 1, .doc = "The ports; all when empty."},
    {.name = "to", .kind = FIELD_LIST, .elem = &elem_137, .protobuf = 2, .doc = "The receivers; everybody when empty."},
};
static const uint16_t order_440[] = {0, 1};
static const uint16_t wire_440[] = {0, 1};
static const Field fields_441[] = { /* io.k8s.api.networking.v1.NetworkPolicyIngressRule */
    {.name = "ports", .kind = FIELD_LIST, .elem = &elem_136, .protobuf = 1, .doc = "The ports; all when empty."},
    {.name = "from", .kind = FIELD_LIST, .elem = &elem_137, .protobuf = 2, .doc = "The senders; everybody when empty."},
};
static const uint16_t order_441[] = {1, 0};
static const uint16_t wire_441[] = {0, 1};
static const Field fields_442[] = { /* io.k8s.api.networking.v1.NetworkPolicyPeer */
    {.name = "podSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 1, .flags = FIELD_PTR, .doc = "Chooses pods by their labels."},
    {.name = "namespaceSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 2, .flags = FIELD_PTR, .doc = "Chooses their namespaces by labels; the policy's own when absent."},
    {.name = "ipBlock", .kind = FIELD_OBJECT, .type = &gen_types[425], .protobuf = 3, .flags = FIELD_PTR, .doc = "A range of addresses; alone."},
};
static const uint16_t order_442[] = {2, 1, 0};
static const uint16_t wire_442[] = {0, 1, 2};
static const Field fields_443[] = { /* io.k8s.api.networking.v1.NetworkPolicyPort */
    {.name = "protocol", .kind = FIELD_STRING, .go_type = "v1.Protocol", .protobuf = 1, .flags = FIELD_PTR, .deflt = "\"TCP\"", .doc = "TCP, UDP or SCTP."},
    {.name = "port", .kind = FIELD_INT_OR_STRING, .protobuf = 2, .flags = FIELD_PTR, .doc = "Number or name; all when absent."},
    {.name = "endPort", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR, .doc = "Last number of a range."},
};
static const uint16_t order_443[] = {2, 1, 0};
static const uint16_t wire_443[] = {0, 1, 2};
static const Field fields_444[] = { /* io.k8s.api.networking.v1.NetworkPolicySpec */
    {.name = "podSelector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Chooses the pods by their labels; an empty one chooses all of the namespace."},
    {.name = "ingress", .kind = FIELD_LIST, .elem = &elem_138, .protobuf = 2, .doc = "From whom they receive; nobody when empty."},
    {.name = "egress", .kind = FIELD_LIST, .elem = &elem_139, .protobuf = 3, .doc = "Where they may send; nowhere when empty and Egress is a type."},
    {.name = "policyTypes", .kind = FIELD_LIST, .elem = &elem_140, .go_type = "[]v1.PolicyType", .protobuf = 4, .doc = "Ingress, Egress or both."},
};
static const uint16_t order_444[] = {2, 1, 0, 3};
static const uint16_t wire_444[] = {0, 1, 2, 3};
static const Field fields_445[] = { /* io.k8s.api.networking.v1.ParentReference */
    {.name = "group", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "resource", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED},
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 3},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_REQUIRED},
};
static const uint16_t order_445[] = {0, 3, 2, 1};
static const uint16_t wire_445[] = {0, 1, 2, 3};
static const Field fields_446[] = { /* io.k8s.api.networking.v1.ServiceBackendPort */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Its name."},
    {.name = "number", .kind = FIELD_INT32, .protobuf = 2, .doc = "Its number."},
};
static const uint16_t order_446[] = {0, 1};
static const uint16_t wire_446[] = {0, 1};
static const Field fields_447[] = { /* io.k8s.api.networking.v1.ServiceCIDR */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[448], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[449], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_447[] = {1, 0, 2, 3, 4};
static const uint16_t wire_447[] = {2, 3, 4};
static const Field fields_448[] = { /* io.k8s.api.networking.v1.ServiceCIDRSpec */
    {.name = "cidrs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .doc = "The range, one a family."},
};
static const uint16_t order_448[] = {0};
static const uint16_t wire_448[] = {0};
static const Field fields_449[] = { /* io.k8s.api.networking.v1.ServiceCIDRStatus */
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_3, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_449[] = {0};
static const uint16_t wire_449[] = {0};
static const Field fields_450[] = { /* io.k8s.api.node.v1.Overhead */
    {.name = "podFixed", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 1, .doc = "Resources beside those of the containers."},
};
static const uint16_t order_450[] = {0};
static const uint16_t wire_450[] = {0};
static const Field fields_451[] = { /* io.k8s.api.node.v1.RuntimeClass */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "handler", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "What the runtime calls it."},
    {.name = "overhead", .kind = FIELD_OBJECT, .type = &gen_types[450], .protobuf = 3, .flags = FIELD_PTR, .doc = "What running a pod costs."},
    {.name = "scheduling", .kind = FIELD_OBJECT, .type = &gen_types[452], .protobuf = 4, .flags = FIELD_PTR, .doc = "Nodes that have it."},
};
static const uint16_t order_451[] = {1, 3, 0, 2, 4, 5};
static const uint16_t wire_451[] = {2, 3, 4, 5};
static const Field fields_452[] = { /* io.k8s.api.node.v1.Scheduling */
    {.name = "nodeSelector", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 1, .flags = FIELD_MAP_ATOMIC, .doc = "Labels of the nodes."},
    {.name = "tolerations", .kind = FIELD_LIST, .elem = &elem_100, .protobuf = 2, .doc = "Taints that the pods bear with."},
};
static const uint16_t order_452[] = {0, 1};
static const uint16_t wire_452[] = {0, 1};
static const Field fields_453[] = { /* io.k8s.api.policy.v1.Eviction */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "deleteOptions", .kind = FIELD_OBJECT, .type = &gen_types[545], .protobuf = 2, .flags = FIELD_PTR, .doc = "How it is deleted."},
};
static const uint16_t order_453[] = {1, 3, 0, 2};
static const uint16_t wire_453[] = {2, 3};
static const Field fields_454[] = { /* io.k8s.api.policy.v1.PodDisruptionBudget */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[455], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[456], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_454[] = {1, 0, 2, 3, 4};
static const uint16_t wire_454[] = {2, 3, 4};
static const Field fields_455[] = { /* io.k8s.api.policy.v1.PodDisruptionBudgetSpec */
    {.name = "minAvailable", .kind = FIELD_INT_OR_STRING, .protobuf = 1, .flags = FIELD_PTR, .doc = "How many must be left, as a number or in percent."},
    {.name = "selector", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 2, .flags = FIELD_PTR, .doc = "Chooses the pods by their labels."},
    {.name = "maxUnavailable", .kind = FIELD_INT_OR_STRING, .protobuf = 3, .flags = FIELD_PTR, .doc = "How many may be missing, as a number or in percent; not together with minAvailable."},
    {.name = "unhealthyPodEvictionPolicy", .kind = FIELD_STRING, .go_type = "v1.UnhealthyPodEvictionPolicyType", .protobuf = 4, .flags = FIELD_PTR, .doc = "Whether pods that are not ready may always go - IfHealthyBudget or AlwaysAllow."},
};
static const uint16_t order_455[] = {2, 0, 1, 3};
static const uint16_t wire_455[] = {0, 1, 2, 3};
static const Field fields_456[] = { /* io.k8s.api.policy.v1.PodDisruptionBudgetStatus */
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 1, .doc = "The metadata.generation that this status belongs to."},
    {.name = "disruptedPods", .kind = FIELD_MAP, .elem = &elem_141, .go_type = "map[string]v1.Time", .protobuf = 2, .doc = "Pods that were told to go and are not gone."},
    {.name = "disruptionsAllowed", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "How many may go now."},
    {.name = "currentHealthy", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_ALWAYS, .doc = "Pods that are ready."},
    {.name = "desiredHealthy", .kind = FIELD_INT32, .protobuf = 5, .flags = FIELD_ALWAYS, .doc = "Pods that must be ready."},
    {.name = "expectedPods", .kind = FIELD_INT32, .protobuf = 6, .flags = FIELD_ALWAYS, .doc = "Pods that are counted."},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_3, .protobuf = 7, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_456[] = {6, 3, 4, 1, 2, 5, 0};
static const uint16_t wire_456[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_457[] = { /* io.k8s.api.rbac.v1.AggregationRule */
    {.name = "clusterRoleSelectors", .kind = FIELD_LIST, .elem = &elem_142, .protobuf = 1, .doc = "Chooses the others by their labels."},
};
static const uint16_t order_457[] = {0};
static const uint16_t wire_457[] = {0};
static const Field fields_458[] = { /* io.k8s.api.rbac.v1.ClusterRole */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_143, .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The rights."},
    {.name = "aggregationRule", .kind = FIELD_OBJECT, .type = &gen_types[457], .protobuf = 3, .flags = FIELD_PTR, .doc = "Roles whose rules this one is made of."},
};
static const uint16_t order_458[] = {4, 1, 0, 2, 3};
static const uint16_t wire_458[] = {2, 3, 4};
static const Field fields_459[] = { /* io.k8s.api.rbac.v1.ClusterRoleBinding */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "subjects", .kind = FIELD_LIST, .elem = &elem_144, .protobuf = 2, .doc = "Who gets it."},
    {.name = "roleRef", .kind = FIELD_OBJECT, .type = &gen_types[463], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The role; never changes."},
};
static const uint16_t order_459[] = {1, 0, 2, 4, 3};
static const uint16_t wire_459[] = {2, 3, 4};
static const Field fields_460[] = { /* io.k8s.api.rbac.v1.PolicyRule */
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "What may be done, such as get or create; * is everything."},
    {.name = "apiGroups", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2, .doc = "Groups of the resources; \"\" is the core group, * every one."},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "Resources and subresources, such as pods or pods/log; * is every one."},
    {.name = "resourceNames", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 4, .doc = "Names of single objects; all when empty."},
    {.name = "nonResourceURLs", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5, .doc = "Paths that are not resources, such as /metrics; * at the end is any rest."},
};
static const uint16_t order_460[] = {1, 4, 3, 2, 0};
static const uint16_t wire_460[] = {0, 1, 2, 3, 4};
static const Field fields_461[] = { /* io.k8s.api.rbac.v1.Role */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "rules", .kind = FIELD_LIST, .elem = &elem_143, .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The rights."},
};
static const uint16_t order_461[] = {1, 0, 2, 3};
static const uint16_t wire_461[] = {2, 3};
static const Field fields_462[] = { /* io.k8s.api.rbac.v1.RoleBinding */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "subjects", .kind = FIELD_LIST, .elem = &elem_144, .protobuf = 2, .doc = "Who gets it."},
    {.name = "roleRef", .kind = FIELD_OBJECT, .type = &gen_types[463], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The role or cluster role; never changes."},
};
static const uint16_t order_462[] = {1, 0, 2, 4, 3};
static const uint16_t wire_462[] = {2, 3, 4};
static const Field fields_463[] = { /* io.k8s.api.rbac.v1.RoleRef */
    {.name = "apiGroup", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_ALWAYS, .deflt = "\"rbac.authorization.k8s.io\"", .doc = "Its group."},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Role or ClusterRole."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
};
static const uint16_t order_463[] = {0, 1, 2};
static const uint16_t wire_463[] = {0, 1, 2};
static const Field fields_464[] = { /* io.k8s.api.rbac.v1.Subject */
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "User, Group or ServiceAccount."},
    {.name = "apiGroup", .kind = FIELD_STRING, .protobuf = 2, .doc = "Group of the kind; empty for service accounts."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 4, .doc = "Namespace of a service account."},
};
static const uint16_t order_464[] = {1, 0, 2, 3};
static const uint16_t wire_464[] = {0, 1, 2, 3};
static const Field fields_465[] = { /* io.k8s.api.resource.v1.AllocatedDeviceStatus */
    {.name = "driver", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "pool", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "device", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_3, .protobuf = 4, .list_type = LIST_MAP, .list_map_keys = list_0, .flags = FIELD_ALWAYS, .doc = "Aspects of the current state, one entry a type."},
    {.name = "data", .kind = FIELD_ANY, .protobuf = 5, .flags = FIELD_PTR},
    {.name = "networkData", .kind = FIELD_OBJECT, .type = &gen_types[492], .protobuf = 6, .flags = FIELD_PTR},
    {.name = "shareID", .kind = FIELD_STRING, .protobuf = 7, .flags = FIELD_PTR},
};
static const uint16_t order_465[] = {3, 4, 2, 0, 5, 1, 6};
static const uint16_t wire_465[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_466[] = { /* io.k8s.api.resource.v1.AllocationResult */
    {.name = "devices", .kind = FIELD_OBJECT, .type = &gen_types[475], .protobuf = 1, .flags = FIELD_ALWAYS},
    {.name = "nodeSelector", .kind = FIELD_OBJECT, .type = &gen_types[288], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "allocationTimestamp", .kind = FIELD_TIME, .protobuf = 5, .flags = FIELD_PTR},
};
static const uint16_t order_466[] = {2, 0, 1};
static const uint16_t wire_466[] = {0, 1, 2};
static const Field fields_467[] = { /* io.k8s.api.resource.v1.CELDeviceSelector */
    {.name = "expression", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_467[] = {0};
static const uint16_t wire_467[] = {0};
static const Field fields_468[] = { /* io.k8s.api.resource.v1.CapacityRequestPolicy */
    {.name = "default", .kind = FIELD_QUANTITY, .protobuf = 1, .flags = FIELD_PTR | FIELD_ALWAYS},
    {.name = "validValues", .kind = FIELD_LIST, .elem = &elem_8, .protobuf = 3},
    {.name = "validRange", .kind = FIELD_OBJECT, .type = &gen_types[469], .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_468[] = {0, 2, 1};
static const uint16_t wire_468[] = {0, 1, 2};
static const Field fields_469[] = { /* io.k8s.api.resource.v1.CapacityRequestPolicyRange */
    {.name = "min", .kind = FIELD_QUANTITY, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_PTR},
    {.name = "max", .kind = FIELD_QUANTITY, .protobuf = 2, .flags = FIELD_PTR},
    {.name = "step", .kind = FIELD_QUANTITY, .protobuf = 3, .flags = FIELD_PTR},
};
static const uint16_t order_469[] = {1, 0, 2};
static const uint16_t wire_469[] = {0, 1, 2};
static const Field fields_470[] = { /* io.k8s.api.resource.v1.CapacityRequirements */
    {.name = "requests", .kind = FIELD_MAP, .elem = &elem_8, .protobuf = 1},
};
static const uint16_t order_470[] = {0};
static const uint16_t wire_470[] = {0};
static const Field fields_471[] = { /* io.k8s.api.resource.v1.Counter */
    {.name = "value", .kind = FIELD_QUANTITY, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_471[] = {0};
static const uint16_t wire_471[] = {0};
static const Field fields_472[] = { /* io.k8s.api.resource.v1.CounterSet */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "counters", .kind = FIELD_MAP, .elem = &elem_145, .go_type = "map[string]v1.Counter", .protobuf = 2, .flags = FIELD_REQUIRED},
};
static const uint16_t order_472[] = {1, 0};
static const uint16_t wire_472[] = {0, 1};
static const Field fields_473[] = { /* io.k8s.api.resource.v1.Device */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "attributes", .kind = FIELD_MAP, .elem = &elem_146, .go_type = "map[v1.QualifiedName]v1.DeviceAttribute", .protobuf = 2},
    {.name = "capacity", .kind = FIELD_MAP, .elem = &elem_147, .go_type = "map[v1.QualifiedName]v1.DeviceCapacity", .protobuf = 3},
    {.name = "consumesCounters", .kind = FIELD_LIST, .elem = &elem_148, .go_type = "[]v1.DeviceCounterConsumption", .protobuf = 4},
    {.name = "nodeName", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_PTR},
    {.name = "nodeSelector", .kind = FIELD_OBJECT, .type = &gen_types[288], .protobuf = 6, .flags = FIELD_PTR},
    {.name = "allNodes", .kind = FIELD_BOOL, .protobuf = 7, .flags = FIELD_PTR},
    {.name = "taints", .kind = FIELD_LIST, .elem = &elem_149, .go_type = "[]v1.DeviceTaint", .protobuf = 8},
    {.name = "bindsToNode", .kind = FIELD_BOOL, .protobuf = 9, .flags = FIELD_PTR},
    {.name = "bindingConditions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 10},
    {.name = "bindingFailureConditions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 11},
    {.name = "allowMultipleAllocations", .kind = FIELD_BOOL, .protobuf = 12, .flags = FIELD_PTR},
    {.name = "nodeAllocatableResourceMappings", .kind = FIELD_MAP, .elem = &elem_150, .protobuf = 13},
};
static const uint16_t order_473[] = {6, 11, 1, 9, 10, 8, 2, 3, 0, 12, 4, 5, 7};
static const uint16_t wire_473[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const Field fields_474[] = { /* io.k8s.api.resource.v1.DeviceAllocationConfiguration */
    {.name = "source", .kind = FIELD_STRING, .go_type = "v1.AllocationConfigSource", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "requests", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2},
    {.name = "opaque", .kind = FIELD_OBJECT, .type = &gen_types[494], .protobuf = 3 << 16 | 1, .flags = FIELD_PTR | FIELD_INLINE},
};
static const uint16_t order_474[] = {2, 1, 0};
static const uint16_t wire_474[] = {0, 1, 2};
static const Field fields_475[] = { /* io.k8s.api.resource.v1.DeviceAllocationResult */
    {.name = "results", .kind = FIELD_LIST, .elem = &elem_151, .go_type = "[]v1.DeviceRequestAllocationResult", .protobuf = 1},
    {.name = "config", .kind = FIELD_LIST, .elem = &elem_152, .go_type = "[]v1.DeviceAllocationConfiguration", .protobuf = 2},
};
static const uint16_t order_475[] = {1, 0};
static const uint16_t wire_475[] = {0, 1};
static const Field fields_476[] = { /* io.k8s.api.resource.v1.DeviceAttribute */
    {.name = "int", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_PTR},
    {.name = "bool", .kind = FIELD_BOOL, .protobuf = 3, .flags = FIELD_PTR},
    {.name = "string", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR},
    {.name = "version", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_PTR},
    {.name = "ints", .kind = FIELD_LIST, .elem = &elem_73, .protobuf = 6},
    {.name = "bools", .kind = FIELD_LIST, .elem = &elem_153, .protobuf = 7},
    {.name = "strings", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 8},
    {.name = "versions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 9},
};
static const uint16_t order_476[] = {1, 5, 0, 4, 2, 6, 3, 7};
static const uint16_t wire_476[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_477[] = { /* io.k8s.api.resource.v1.DeviceCapacity */
    {.name = "value", .kind = FIELD_QUANTITY, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "requestPolicy", .kind = FIELD_OBJECT, .type = &gen_types[468], .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_477[] = {1, 0};
static const uint16_t wire_477[] = {0, 1};
static const Field fields_478[] = { /* io.k8s.api.resource.v1.DeviceClaim */
    {.name = "requests", .kind = FIELD_LIST, .elem = &elem_154, .go_type = "[]v1.DeviceRequest", .protobuf = 1, .flags = FIELD_ALWAYS},
    {.name = "constraints", .kind = FIELD_LIST, .elem = &elem_155, .go_type = "[]v1.DeviceConstraint", .protobuf = 2},
    {.name = "config", .kind = FIELD_LIST, .elem = &elem_156, .go_type = "[]v1.DeviceClaimConfiguration", .protobuf = 3},
};
static const uint16_t order_478[] = {2, 1, 0};
static const uint16_t wire_478[] = {0, 1, 2};
static const Field fields_479[] = { /* io.k8s.api.resource.v1.DeviceClaimConfiguration */
    {.name = "requests", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1},
    {.name = "opaque", .kind = FIELD_OBJECT, .type = &gen_types[494], .protobuf = 2 << 16 | 1, .flags = FIELD_PTR | FIELD_INLINE},
};
static const uint16_t order_479[] = {1, 0};
static const uint16_t wire_479[] = {0, 1};
static const Field fields_480[] = { /* io.k8s.api.resource.v1.DeviceClass */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[482], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_480[] = {1, 0, 2, 3};
static const uint16_t wire_480[] = {2, 3};
static const Field fields_481[] = { /* io.k8s.api.resource.v1.DeviceClassConfiguration */
    {.name = "opaque", .kind = FIELD_OBJECT, .type = &gen_types[494], .protobuf = 1 << 16 | 1, .flags = FIELD_PTR | FIELD_INLINE},
};
static const uint16_t order_481[] = {0};
static const uint16_t wire_481[] = {0};
static const Field fields_482[] = { /* io.k8s.api.resource.v1.DeviceClassSpec */
    {.name = "selectors", .kind = FIELD_LIST, .elem = &elem_157, .go_type = "[]v1.DeviceSelector", .protobuf = 1},
    {.name = "config", .kind = FIELD_LIST, .elem = &elem_158, .go_type = "[]v1.DeviceClassConfiguration", .protobuf = 2},
    {.name = "extendedResourceName", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_482[] = {1, 2, 0};
static const uint16_t wire_482[] = {0, 1, 2};
static const Field fields_483[] = { /* io.k8s.api.resource.v1.DeviceConstraint */
    {.name = "requests", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1},
    {.name = "matchAttribute", .kind = FIELD_STRING, .go_type = "v1.FullyQualifiedName", .protobuf = 2, .flags = FIELD_PTR},
    {.name = "distinctAttribute", .kind = FIELD_STRING, .go_type = "v1.FullyQualifiedName", .protobuf = 3, .flags = FIELD_PTR},
};
static const uint16_t order_483[] = {2, 1, 0};
static const uint16_t wire_483[] = {0, 1, 2};
static const Field fields_484[] = { /* io.k8s.api.resource.v1.DeviceCounterConsumption */
    {.name = "counterSet", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "counters", .kind = FIELD_MAP, .elem = &elem_145, .go_type = "map[string]v1.Counter", .protobuf = 2, .flags = FIELD_REQUIRED},
};
static const uint16_t order_484[] = {0, 1};
static const uint16_t wire_484[] = {0, 1};
static const Field fields_485[] = { /* io.k8s.api.resource.v1.DeviceRequest */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "exactly", .kind = FIELD_OBJECT, .type = &gen_types[491], .protobuf = 2, .flags = FIELD_PTR},
    {.name = "firstAvailable", .kind = FIELD_LIST, .elem = &elem_159, .go_type = "[]v1.DeviceSubRequest", .protobuf = 3},
};
static const uint16_t order_485[] = {1, 2, 0};
static const uint16_t wire_485[] = {0, 1, 2};
static const Field fields_486[] = { /* io.k8s.api.resource.v1.DeviceRequestAllocationResult */
    {.name = "request", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "driver", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "pool", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "device", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "adminAccess", .kind = FIELD_BOOL, .protobuf = 5, .flags = FIELD_PTR},
    {.name = "tolerations", .kind = FIELD_LIST, .elem = &elem_160, .go_type = "[]v1.DeviceToleration", .protobuf = 6},
    {.name = "bindingConditions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 7},
    {.name = "bindingFailureConditions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 8},
    {.name = "shareID", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 9, .flags = FIELD_PTR},
    {.name = "consumedCapacity", .kind = FIELD_MAP, .elem = &elem_8, .protobuf = 10},
};
static const uint16_t order_486[] = {4, 6, 7, 9, 3, 1, 2, 0, 8, 5};
static const uint16_t wire_486[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const Field fields_487[] = { /* io.k8s.api.resource.v1.DeviceSelector */
    {.name = "cel", .kind = FIELD_OBJECT, .type = &gen_types[467], .protobuf = 1, .flags = FIELD_PTR},
};
static const uint16_t order_487[] = {0};
static const uint16_t wire_487[] = {0};
static const Field fields_488[] = { /* io.k8s.api.resource.v1.DeviceSubRequest */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "deviceClassName", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "selectors", .kind = FIELD_LIST, .elem = &elem_157, .go_type = "[]v1.DeviceSelector", .protobuf = 3},
    {.name = "allocationMode", .kind = FIELD_STRING, .go_type = "v1.DeviceAllocationMode", .protobuf = 4, .deflt = "\"ExactCount\""},
    {.name = "count", .kind = FIELD_INT64, .protobuf = 5},
    {.name = "tolerations", .kind = FIELD_LIST, .elem = &elem_160, .go_type = "[]v1.DeviceToleration", .protobuf = 6},
    {.name = "capacity", .kind = FIELD_OBJECT, .type = &gen_types[470], .protobuf = 7, .flags = FIELD_PTR},
};
static const uint16_t order_488[] = {3, 6, 4, 1, 0, 2, 5};
static const uint16_t wire_488[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_489[] = { /* io.k8s.api.resource.v1.DeviceTaint */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "value", .kind = FIELD_STRING, .protobuf = 2},
    {.name = "effect", .kind = FIELD_STRING, .go_type = "v1.DeviceTaintEffect", .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "timeAdded", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_489[] = {2, 0, 3, 1};
static const uint16_t wire_489[] = {0, 1, 2, 3};
static const Field fields_490[] = { /* io.k8s.api.resource.v1.DeviceToleration */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "operator", .kind = FIELD_STRING, .go_type = "v1.DeviceTolerationOperator", .protobuf = 2, .deflt = "\"Equal\""},
    {.name = "value", .kind = FIELD_STRING, .protobuf = 3},
    {.name = "effect", .kind = FIELD_STRING, .go_type = "v1.DeviceTaintEffect", .protobuf = 4},
    {.name = "tolerationSeconds", .kind = FIELD_INT64, .protobuf = 5, .flags = FIELD_PTR},
};
static const uint16_t order_490[] = {3, 0, 1, 4, 2};
static const uint16_t wire_490[] = {0, 1, 2, 3, 4};
static const Field fields_491[] = { /* io.k8s.api.resource.v1.ExactDeviceRequest */
    {.name = "deviceClassName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "selectors", .kind = FIELD_LIST, .elem = &elem_157, .go_type = "[]v1.DeviceSelector", .protobuf = 2},
    {.name = "allocationMode", .kind = FIELD_STRING, .go_type = "v1.DeviceAllocationMode", .protobuf = 3, .deflt = "\"ExactCount\""},
    {.name = "count", .kind = FIELD_INT64, .protobuf = 4},
    {.name = "adminAccess", .kind = FIELD_BOOL, .protobuf = 5, .flags = FIELD_PTR},
    {.name = "tolerations", .kind = FIELD_LIST, .elem = &elem_160, .go_type = "[]v1.DeviceToleration", .protobuf = 6},
    {.name = "capacity", .kind = FIELD_OBJECT, .type = &gen_types[470], .protobuf = 7, .flags = FIELD_PTR},
};
static const uint16_t order_491[] = {4, 2, 6, 3, 0, 1, 5};
static const uint16_t wire_491[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_492[] = { /* io.k8s.api.resource.v1.NetworkDeviceData */
    {.name = "interfaceName", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "ips", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 2},
    {.name = "hardwareAddress", .kind = FIELD_STRING, .protobuf = 3},
};
static const uint16_t order_492[] = {2, 0, 1};
static const uint16_t wire_492[] = {0, 1, 2};
static const Field fields_493[] = { /* io.k8s.api.resource.v1.NodeAllocatableResourceMapping */
    {.name = "capacityKey", .kind = FIELD_STRING, .go_type = "v1.QualifiedName", .protobuf = 1, .flags = FIELD_PTR},
    {.name = "allocationMultiplier", .kind = FIELD_QUANTITY, .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_493[] = {1, 0};
static const uint16_t wire_493[] = {0, 1};
static const Field fields_494[] = { /* io.k8s.api.resource.v1.OpaqueDeviceConfiguration */
    {.name = "driver", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "parameters", .kind = FIELD_ANY, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_494[] = {0, 1};
static const uint16_t wire_494[] = {0, 1};
static const Field fields_495[] = { /* io.k8s.api.resource.v1.ResourceClaim */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[497], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[498], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_495[] = {1, 0, 2, 3, 4};
static const uint16_t wire_495[] = {2, 3, 4};
static const Field fields_496[] = { /* io.k8s.api.resource.v1.ResourceClaimConsumerReference */
    {.name = "apiGroup", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "resource", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "uid", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 5, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_496[] = {0, 2, 1, 3};
static const uint16_t wire_496[] = {0, 1, 2, 3};
static const Field fields_497[] = { /* io.k8s.api.resource.v1.ResourceClaimSpec */
    {.name = "devices", .kind = FIELD_OBJECT, .type = &gen_types[478], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "The devices."},
};
static const uint16_t order_497[] = {0};
static const uint16_t wire_497[] = {0};
static const Field fields_498[] = { /* io.k8s.api.resource.v1.ResourceClaimStatus */
    {.name = "allocation", .kind = FIELD_OBJECT, .type = &gen_types[466], .protobuf = 1, .flags = FIELD_PTR},
    {.name = "reservedFor", .kind = FIELD_LIST, .elem = &elem_161, .go_type = "[]v1.ResourceClaimConsumerReference", .protobuf = 2, .list_type = LIST_MAP, .list_map_keys = list_16, .merge_key = "uid", .flags = FIELD_PATCH_MERGE},
    {.name = "devices", .kind = FIELD_LIST, .elem = &elem_162, .go_type = "[]v1.AllocatedDeviceStatus", .protobuf = 4, .list_type = LIST_MAP, .list_map_keys = list_17},
};
static const uint16_t order_498[] = {0, 2, 1};
static const uint16_t wire_498[] = {0, 1, 2};
static const Field fields_499[] = { /* io.k8s.api.resource.v1.ResourceClaimTemplate */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[500], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_499[] = {1, 0, 2, 3};
static const uint16_t wire_499[] = {2, 3};
static const Field fields_500[] = { /* io.k8s.api.resource.v1.ResourceClaimTemplateSpec */
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[497], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_500[] = {0, 1};
static const uint16_t wire_500[] = {0, 1};
static const Field fields_501[] = { /* io.k8s.api.resource.v1.ResourcePool */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "generation", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resourceSliceCount", .kind = FIELD_INT64, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_501[] = {1, 0, 2};
static const uint16_t wire_501[] = {0, 1, 2};
static const Field fields_502[] = { /* io.k8s.api.resource.v1.ResourceSlice */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[503], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_502[] = {1, 0, 2, 3};
static const uint16_t wire_502[] = {2, 3};
static const Field fields_503[] = { /* io.k8s.api.resource.v1.ResourceSliceSpec */
    {.name = "driver", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "pool", .kind = FIELD_OBJECT, .type = &gen_types[501], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "nodeName", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR},
    {.name = "nodeSelector", .kind = FIELD_OBJECT, .type = &gen_types[288], .protobuf = 4, .flags = FIELD_PTR},
    {.name = "allNodes", .kind = FIELD_BOOL, .protobuf = 5, .flags = FIELD_PTR},
    {.name = "devices", .kind = FIELD_LIST, .elem = &elem_163, .go_type = "[]v1.Device", .protobuf = 6},
    {.name = "perDeviceNodeSelection", .kind = FIELD_BOOL, .protobuf = 7, .flags = FIELD_PTR},
    {.name = "sharedCounters", .kind = FIELD_LIST, .elem = &elem_164, .go_type = "[]v1.CounterSet", .protobuf = 8},
};
static const uint16_t order_503[] = {4, 5, 0, 2, 3, 6, 1, 7};
static const uint16_t wire_503[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const Field fields_504[] = { /* io.k8s.api.scheduling.v1.PriorityClass */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "value", .kind = FIELD_INT32, .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The priority; higher is more important."},
    {.name = "globalDefault", .kind = FIELD_BOOL, .protobuf = 3, .doc = "Whether pods get it that name none."},
    {.name = "description", .kind = FIELD_STRING, .protobuf = 4, .doc = "What it is for."},
    {.name = "preemptionPolicy", .kind = FIELD_STRING, .go_type = "v1.PreemptionPolicy", .protobuf = 5, .flags = FIELD_PTR, .deflt = "\"PreemptLowerPriority\"", .doc = "PreemptLowerPriority, or Never."},
};
static const uint16_t order_504[] = {1, 5, 4, 0, 2, 6, 3};
static const uint16_t wire_504[] = {2, 3, 4, 5, 6};
static const Field fields_505[] = { /* io.k8s.api.storage.v1.CSIDriver */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[506], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_505[] = {1, 0, 2, 3};
static const uint16_t wire_505[] = {2, 3};
static const Field fields_506[] = { /* io.k8s.api.storage.v1.CSIDriverSpec */
    {.name = "attachRequired", .kind = FIELD_BOOL, .protobuf = 1, .flags = FIELD_PTR, .deflt = "true", .doc = "Whether volumes must be attached to a node first."},
    {.name = "podInfoOnMount", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_PTR, .deflt = "false", .doc = "Whether the driver hears which pod a volume is mounted for."},
    {.name = "volumeLifecycleModes", .kind = FIELD_LIST, .elem = &elem_165, .go_type = "[]v1.VolumeLifecycleMode", .protobuf = 3, .list_type = LIST_SET, .deflt = "[\"Persistent\"]", .doc = "Persistent, Ephemeral or both."},
    {.name = "storageCapacity", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .deflt = "false", .doc = "Whether the scheduler asks how much room there is."},
    {.name = "fsGroupPolicy", .kind = FIELD_STRING, .go_type = "v1.FSGroupPolicy", .protobuf = 5, .flags = FIELD_PTR, .deflt = "\"ReadWriteOnceWithFSType\"", .doc = "When the group of files is changed - None, File or ReadWriteOnceWithFSType."},
    {.name = "tokenRequests", .kind = FIELD_LIST, .elem = &elem_166, .protobuf = 6, .doc = "Tokens of the pod's account that the driver wants."},
    {.name = "requiresRepublish", .kind = FIELD_BOOL, .protobuf = 7, .flags = FIELD_PTR, .deflt = "false", .doc = "Whether mounts are renewed regularly."},
    {.name = "seLinuxMount", .kind = FIELD_BOOL, .protobuf = 8, .flags = FIELD_PTR, .deflt = "false"},
    {.name = "nodeAllocatableUpdatePeriodSeconds", .kind = FIELD_INT64, .protobuf = 9, .flags = FIELD_PTR},
    {.name = "serviceAccountTokenInSecrets", .kind = FIELD_BOOL, .protobuf = 10, .flags = FIELD_PTR},
    {.name = "preventPodSchedulingIfMissing", .kind = FIELD_BOOL, .protobuf = 11, .flags = FIELD_PTR},
};
static const uint16_t order_506[] = {0, 4, 8, 1, 10, 6, 7, 9, 3, 5, 2};
static const uint16_t wire_506[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const Field fields_507[] = { /* io.k8s.api.storage.v1.CSINode */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[509], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
};
static const uint16_t order_507[] = {1, 0, 2, 3};
static const uint16_t wire_507[] = {2, 3};
static const Field fields_508[] = { /* io.k8s.api.storage.v1.CSINodeDriver */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "nodeID", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "What it calls the node."},
    {.name = "topologyKeys", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "Labels that say where the node is."},
    {.name = "allocatable", .kind = FIELD_OBJECT, .type = &gen_types[519], .protobuf = 4, .flags = FIELD_PTR, .doc = "How many volumes it can have."},
};
static const uint16_t order_508[] = {3, 0, 1, 2};
static const uint16_t wire_508[] = {0, 1, 2, 3};
static const Field fields_509[] = { /* io.k8s.api.storage.v1.CSINodeSpec */
    {.name = "drivers", .kind = FIELD_LIST, .elem = &elem_167, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_8, .merge_key = "name", .flags = FIELD_REQUIRED | FIELD_ALWAYS | FIELD_PATCH_MERGE, .doc = "One entry a driver."},
};
static const uint16_t order_509[] = {0};
static const uint16_t wire_509[] = {0};
static const Field fields_510[] = { /* io.k8s.api.storage.v1.CSIStorageCapacity */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "nodeTopology", .kind = FIELD_OBJECT, .type = &gen_types[550], .protobuf = 2, .flags = FIELD_PTR, .doc = "Chooses the nodes of the place."},
    {.name = "storageClassName", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The class."},
    {.name = "capacity", .kind = FIELD_QUANTITY, .protobuf = 4, .flags = FIELD_PTR, .doc = "The room."},
    {.name = "maximumVolumeSize", .kind = FIELD_QUANTITY, .protobuf = 5, .flags = FIELD_PTR, .doc = "The largest volume."},
};
static const uint16_t order_510[] = {1, 5, 0, 6, 2, 3, 4};
static const uint16_t wire_510[] = {2, 3, 4, 5, 6};
static const Field fields_511[] = { /* io.k8s.api.storage.v1.StorageClass */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "provisioner", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Who makes the volumes."},
    {.name = "parameters", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 3, .doc = "Settings for the provisioner."},
    {.name = "reclaimPolicy", .kind = FIELD_STRING, .go_type = "v1.PersistentVolumeReclaimPolicy", .protobuf = 4, .flags = FIELD_PTR, .deflt = "\"Delete\"", .doc = "What becomes of volumes after their claims - Delete or Retain."},
    {.name = "mountOptions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5, .doc = "Options for mounting the volumes."},
    {.name = "allowVolumeExpansion", .kind = FIELD_BOOL, .protobuf = 6, .flags = FIELD_PTR, .doc = "Whether claims may grow."},
    {.name = "volumeBindingMode", .kind = FIELD_STRING, .go_type = "v1.VolumeBindingMode", .protobuf = 7, .flags = FIELD_PTR, .deflt = "\"Immediate\"", .doc = "Immediate, or WaitForFirstConsumer to wait for a pod."},
    {.name = "allowedTopologies", .kind = FIELD_LIST, .elem = &elem_168, .protobuf = 8, .doc = "Where volumes can be made."},
};
static const uint16_t order_511[] = {7, 9, 1, 0, 2, 6, 4, 3, 5, 8};
static const uint16_t wire_511[] = {2, 3, 4, 5, 6, 7, 8, 9};
static const Field fields_512[] = { /* io.k8s.api.storage.v1.TokenRequest */
    {.name = "audience", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "expirationSeconds", .kind = FIELD_INT64, .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_512[] = {0, 1};
static const uint16_t wire_512[] = {0, 1};
static const Field fields_513[] = { /* io.k8s.api.storage.v1.VolumeAttachment */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[515], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[516], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_513[] = {1, 0, 2, 3, 4};
static const uint16_t wire_513[] = {2, 3, 4};
static const Field fields_514[] = { /* io.k8s.api.storage.v1.VolumeAttachmentSource */
    {.name = "persistentVolumeName", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_PTR},
    {.name = "inlineVolumeSpec", .kind = FIELD_OBJECT, .type = &gen_types[304], .protobuf = 2, .flags = FIELD_PTR},
};
static const uint16_t order_514[] = {1, 0};
static const uint16_t wire_514[] = {0, 1};
static const Field fields_515[] = { /* io.k8s.api.storage.v1.VolumeAttachmentSpec */
    {.name = "attacher", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "source", .kind = FIELD_OBJECT, .type = &gen_types[514], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "nodeName", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_515[] = {0, 2, 1};
static const uint16_t wire_515[] = {0, 1, 2};
static const Field fields_516[] = { /* io.k8s.api.storage.v1.VolumeAttachmentStatus */
    {.name = "attached", .kind = FIELD_BOOL, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "attachmentMetadata", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 2},
    {.name = "attachError", .kind = FIELD_OBJECT, .type = &gen_types[518], .protobuf = 3, .flags = FIELD_PTR},
    {.name = "detachError", .kind = FIELD_OBJECT, .type = &gen_types[518], .protobuf = 4, .flags = FIELD_PTR},
};
static const uint16_t order_516[] = {2, 0, 1, 3};
static const uint16_t wire_516[] = {0, 1, 2, 3};
static const Field fields_517[] = { /* io.k8s.api.storage.v1.VolumeAttributesClass */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "driverName", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The driver."},
    {.name = "parameters", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 3, .doc = "The properties."},
};
static const uint16_t order_517[] = {1, 3, 0, 2, 4};
static const uint16_t wire_517[] = {2, 3, 4};
static const Field fields_518[] = { /* io.k8s.api.storage.v1.VolumeError */
    {.name = "time", .kind = FIELD_TIME, .protobuf = 1, .flags = FIELD_ALWAYS},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 2},
    {.name = "errorCode", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR},
};
static const uint16_t order_518[] = {2, 1, 0};
static const uint16_t wire_518[] = {0, 1, 2};
static const Field fields_519[] = { /* io.k8s.api.storage.v1.VolumeNodeResources */
    {.name = "count", .kind = FIELD_INT32, .protobuf = 1, .flags = FIELD_PTR},
};
static const uint16_t order_519[] = {0};
static const uint16_t wire_519[] = {0};
static const Field fields_520[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Heading."},
    {.name = "type", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Type of the values, such as string, integer or date."},
    {.name = "format", .kind = FIELD_STRING, .protobuf = 3, .doc = "Form of the values."},
    {.name = "description", .kind = FIELD_STRING, .protobuf = 4, .doc = "What it shows."},
    {.name = "priority", .kind = FIELD_INT32, .protobuf = 5, .doc = "0 prints always, more only with -o wide."},
    {.name = "jsonPath", .kind = FIELD_STRING, .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Where the value is in the object."},
};
static const uint16_t order_520[] = {3, 2, 5, 0, 4, 1};
static const uint16_t wire_520[] = {0, 1, 2, 3, 4, 5};
static const Field fields_521[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion */
    {.name = "strategy", .kind = FIELD_STRING, .go_type = "v1.ConversionStrategyType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "None to change apiVersion only, or Webhook."},
    {.name = "webhook", .kind = FIELD_OBJECT, .type = &gen_types[538], .protobuf = 2, .flags = FIELD_PTR, .doc = "Who converts."},
};
static const uint16_t order_521[] = {0, 1};
static const uint16_t wire_521[] = {0, 1};
static const Field fields_522[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[525], .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[526], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_522[] = {1, 0, 2, 3, 4};
static const uint16_t wire_522[] = {2, 3, 4};
static const Field fields_523[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition */
    {.name = "type", .kind = FIELD_STRING, .go_type = "v1.CustomResourceDefinitionConditionType", .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 6, .doc = "The metadata.generation that the condition was judged by."},
};
static const uint16_t order_523[] = {2, 4, 5, 3, 1, 0};
static const uint16_t wire_523[] = {0, 1, 2, 3, 4, 5};
static const Field fields_524[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames */
    {.name = "plural", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Plural, as in paths."},
    {.name = "singular", .kind = FIELD_STRING, .protobuf = 2, .doc = "Singular; the lower case of the kind when empty."},
    {.name = "shortNames", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "Abbreviations that clients accept."},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the kind, in CamelCase."},
    {.name = "listKind", .kind = FIELD_STRING, .protobuf = 5, .doc = "Kind of lists; the kind and List when empty."},
    {.name = "categories", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 6, .doc = "Names under which several resources can be asked for at once."},
};
static const uint16_t order_524[] = {5, 3, 4, 0, 2, 1};
static const uint16_t wire_524[] = {0, 1, 2, 3, 4, 5};
static const Field fields_525[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec */
    {.name = "group", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Group of the kind; the definition is called PLURAL.GROUP."},
    {.name = "names", .kind = FIELD_OBJECT, .type = &gen_types[524], .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Names of the kind."},
    {.name = "scope", .kind = FIELD_STRING, .go_type = "v1.ResourceScope", .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Namespaced or Cluster."},
    {.name = "versions", .kind = FIELD_LIST, .elem = &elem_169, .protobuf = 7, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The versions."},
    {.name = "conversion", .kind = FIELD_OBJECT, .type = &gen_types[521], .protobuf = 9, .flags = FIELD_PTR, .deflt = "{\"strategy\":\"None\"}", .doc = "How objects get from one version to another."},
    {.name = "preserveUnknownFields", .kind = FIELD_BOOL, .protobuf = 10, .doc = "Must be false."},
};
static const uint16_t order_525[] = {4, 0, 1, 5, 2, 3};
static const uint16_t wire_525[] = {0, 1, 2, 3, 4, 5};
static const Field fields_526[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus */
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_170, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_0, .flags = FIELD_ALWAYS, .doc = "Aspects of the current state, one entry a type."},
    {.name = "acceptedNames", .kind = FIELD_OBJECT, .type = &gen_types[524], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "Names that are served."},
    {.name = "storedVersions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "Versions that objects were ever stored in."},
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 4, .doc = "The metadata.generation that this status belongs to."},
};
static const uint16_t order_526[] = {1, 0, 3, 2};
static const uint16_t wire_526[] = {0, 1, 2, 3};
static const Field fields_527[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the version, such as v1 or v1beta1."},
    {.name = "served", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it is offered."},
    {.name = "storage", .kind = FIELD_BOOL, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether objects are stored in it; one version is."},
    {.name = "deprecated", .kind = FIELD_BOOL, .protobuf = 7, .doc = "Whether clients are warned."},
    {.name = "deprecationWarning", .kind = FIELD_STRING, .protobuf = 8, .flags = FIELD_PTR, .doc = "The warning."},
    {.name = "schema", .kind = FIELD_OBJECT, .type = &gen_types[531], .protobuf = 4, .flags = FIELD_PTR, .doc = "What objects look like."},
    {.name = "subresources", .kind = FIELD_OBJECT, .type = &gen_types[530], .protobuf = 5, .flags = FIELD_PTR, .doc = "Status and scale."},
    {.name = "additionalPrinterColumns", .kind = FIELD_LIST, .elem = &elem_171, .protobuf = 6, .doc = "Columns that kubectl get prints."},
    {.name = "selectableFields", .kind = FIELD_LIST, .elem = &elem_172, .protobuf = 9, .doc = "Fields that can be selected by."},
};
static const uint16_t order_527[] = {7, 3, 4, 0, 5, 8, 1, 2, 6};
static const uint16_t wire_527[] = {0, 1, 2, 5, 6, 7, 3, 4, 8};
static const Field fields_528[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale */
    {.name = "specReplicasPath", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Where the wanted number is."},
    {.name = "statusReplicasPath", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Where the present number is."},
    {.name = "labelSelectorPath", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR, .doc = "Where the labels of the pods are."},
};
static const uint16_t order_528[] = {2, 0, 1};
static const uint16_t wire_528[] = {0, 1, 2};
static const Field fields_530[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources */
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[529], .protobuf = 1, .flags = FIELD_PTR, .doc = "Status is written apart from the rest."},
    {.name = "scale", .kind = FIELD_OBJECT, .type = &gen_types[528], .protobuf = 2, .flags = FIELD_PTR, .doc = "Objects can be scaled."},
};
static const uint16_t order_530[] = {1, 0};
static const uint16_t wire_530[] = {0, 1};
static const Field fields_531[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation */
    {.name = "openAPIV3Schema", .kind = FIELD_OBJECT, .type = &gen_types[533], .protobuf = 1, .flags = FIELD_PTR, .doc = "The schema."},
};
static const uint16_t order_531[] = {0};
static const uint16_t wire_531[] = {0};
static const Field fields_532[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation */
    {.name = "description", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "url", .kind = FIELD_STRING, .protobuf = 2},
};
static const uint16_t order_532[] = {0, 1};
static const uint16_t wire_532[] = {0, 1};
static const Field fields_533[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps */
    {.name = "id", .kind = FIELD_STRING, .protobuf = 1},
    {.name = "$schema", .kind = FIELD_STRING, .go_type = "v1.JSONSchemaURL", .protobuf = 2},
    {.name = "$ref", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR},
    {.name = "description", .kind = FIELD_STRING, .protobuf = 4, .doc = "What the value is for."},
    {.name = "type", .kind = FIELD_STRING, .protobuf = 5, .doc = "object, array, string, integer, number or boolean."},
    {.name = "format", .kind = FIELD_STRING, .protobuf = 6, .doc = "Form of a string or number."},
    {.name = "title", .kind = FIELD_STRING, .protobuf = 7},
    {.name = "default", .kind = FIELD_ANY, .go_type = "v1.JSON", .protobuf = 8, .flags = FIELD_PTR, .doc = "Value of a field that is absent."},
    {.name = "maximum", .kind = FIELD_DOUBLE, .protobuf = 9, .flags = FIELD_PTR},
    {.name = "exclusiveMaximum", .kind = FIELD_BOOL, .protobuf = 10},
    {.name = "minimum", .kind = FIELD_DOUBLE, .protobuf = 11, .flags = FIELD_PTR},
    {.name = "exclusiveMinimum", .kind = FIELD_BOOL, .protobuf = 12},
    {.name = "maxLength", .kind = FIELD_INT64, .protobuf = 13, .flags = FIELD_PTR},
    {.name = "minLength", .kind = FIELD_INT64, .protobuf = 14, .flags = FIELD_PTR},
    {.name = "pattern", .kind = FIELD_STRING, .protobuf = 15},
    {.name = "maxItems", .kind = FIELD_INT64, .protobuf = 16, .flags = FIELD_PTR},
    {.name = "minItems", .kind = FIELD_INT64, .protobuf = 17, .flags = FIELD_PTR},
    {.name = "uniqueItems", .kind = FIELD_BOOL, .protobuf = 18},
    {.name = "multipleOf", .kind = FIELD_DOUBLE, .protobuf = 19, .flags = FIELD_PTR},
    {.name = "enum", .kind = FIELD_LIST, .elem = &elem_173, .go_type = "[]v1.JSON", .protobuf = 20, .doc = "The values that are allowed."},
    {.name = "maxProperties", .kind = FIELD_INT64, .protobuf = 21, .flags = FIELD_PTR},
    {.name = "minProperties", .kind = FIELD_INT64, .protobuf = 22, .flags = FIELD_PTR},
    {.name = "required", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 23, .doc = "Fields that must be there."},
    {.name = "items", .kind = FIELD_ANY, .type = &gen_types[533], .go_type = "v1.JSONSchemaPropsOrArray", .protobuf = 24, .flags = FIELD_PTR, .doc = "What the entries of an array look like."},
    {.name = "allOf", .kind = FIELD_LIST, .elem = &elem_174, .protobuf = 25},
    {.name = "oneOf", .kind = FIELD_LIST, .elem = &elem_174, .protobuf = 26},
    {.name = "anyOf", .kind = FIELD_LIST, .elem = &elem_174, .protobuf = 27},
    {.name = "not", .kind = FIELD_OBJECT, .type = &gen_types[533], .protobuf = 28, .flags = FIELD_PTR},
    {.name = "properties", .kind = FIELD_MAP, .elem = &elem_174, .protobuf = 29, .doc = "Fields of an object."},
    {.name = "additionalProperties", .kind = FIELD_ANY, .type = &gen_types[533], .go_type = "v1.JSONSchemaPropsOrBool", .protobuf = 30, .flags = FIELD_PTR, .doc = "What the values of a map look like."},
    {.name = "patternProperties", .kind = FIELD_MAP, .elem = &elem_174, .protobuf = 31},
    {.name = "dependencies", .kind = FIELD_MAP, .elem = &elem_175, .go_type = "v1.JSONSchemaDependencies", .protobuf = 32},
    {.name = "additionalItems", .kind = FIELD_ANY, .type = &gen_types[533], .go_type = "v1.JSONSchemaPropsOrBool", .protobuf = 33, .flags = FIELD_PTR},
    {.name = "definitions", .kind = FIELD_MAP, .elem = &elem_174, .go_type = "v1.JSONSchemaDefinitions", .protobuf = 34},
    {.name = "externalDocs", .kind = FIELD_OBJECT, .type = &gen_types[532], .protobuf = 35, .flags = FIELD_PTR},
    {.name = "example", .kind = FIELD_ANY, .go_type = "v1.JSON", .protobuf = 36, .flags = FIELD_PTR},
    {.name = "nullable", .kind = FIELD_BOOL, .protobuf = 37, .doc = "Whether null is a value."},
    {.name = "x-kubernetes-preserve-unknown-fields", .kind = FIELD_BOOL, .protobuf = 38, .flags = FIELD_PTR, .doc = "Whether fields are kept that the schema does not know."},
    {.name = "x-kubernetes-embedded-resource", .kind = FIELD_BOOL, .protobuf = 39, .doc = "Whether the value is an object of its own with apiVersion, kind and metadata."},
    {.name = "x-kubernetes-int-or-string", .kind = FIELD_BOOL, .protobuf = 40, .doc = "Whether both an integer and a string are fine."},
    {.name = "x-kubernetes-list-map-keys", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 41, .doc = "Fields that tell the entries of a list apart."},
    {.name = "x-kubernetes-list-type", .kind = FIELD_STRING, .protobuf = 42, .flags = FIELD_PTR, .doc = "How lists merge - atomic, set or map."},
    {.name = "x-kubernetes-map-type", .kind = FIELD_STRING, .protobuf = 43, .flags = FIELD_PTR, .doc = "How objects merge - granular or atomic."},
    {.name = "x-kubernetes-validations", .kind = FIELD_LIST, .elem = &elem_176, .go_type = "v1.ValidationRules", .list_type = LIST_MAP, .list_map_keys = list_18, .merge_key = "rule", .protobuf = 44, .flags = FIELD_PATCH_MERGE, .doc = "Rules in CEL."},
};
static const uint16_t order_533[] = {2, 1, 32, 29, 24, 26, 7, 33, 31, 3, 19, 35, 9, 11, 34, 5, 0, 23, 15, 12, 20, 8, 16, 13, 21, 10, 18, 27, 36, 25, 14, 30, 28, 22, 6, 4, 17, 38, 39, 40, 41, 42, 37, 43};
static const uint16_t wire_533[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43};
static const Field fields_534[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField */
    {.name = "jsonPath", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Where it is."},
};
static const uint16_t order_534[] = {0};
static const uint16_t wire_534[] = {0};
static const Field fields_535[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference */
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its namespace."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Its name."},
    {.name = "path", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR, .doc = "Path of the calls."},
    {.name = "port", .kind = FIELD_INT32, .protobuf = 4, .flags = FIELD_PTR, .deflt = "443", .doc = "Its port; 443 when absent."},
};
static const uint16_t order_535[] = {1, 0, 2, 3};
static const uint16_t wire_535[] = {0, 1, 2, 3};
static const Field fields_536[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule */
    {.name = "rule", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The expression; self is the value and oldSelf the one before."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 2, .doc = "What is said when it fails."},
    {.name = "messageExpression", .kind = FIELD_STRING, .protobuf = 3, .doc = "Expression that makes the message."},
    {.name = "reason", .kind = FIELD_STRING, .go_type = "v1.FieldValueErrorReason", .protobuf = 4, .flags = FIELD_PTR, .doc = "Reason of the failure."},
    {.name = "fieldPath", .kind = FIELD_STRING, .protobuf = 5, .doc = "Field that the failure is about."},
    {.name = "optionalOldSelf", .kind = FIELD_BOOL, .protobuf = 6, .flags = FIELD_PTR, .doc = "Whether oldSelf may be absent."},
};
static const uint16_t order_536[] = {4, 1, 2, 5, 3, 0};
static const uint16_t wire_536[] = {0, 1, 2, 3, 4, 5};
static const Field fields_537[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig */
    {.name = "url", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_PTR, .doc = "Its address."},
    {.name = "service", .kind = FIELD_OBJECT, .type = &gen_types[535], .protobuf = 1, .flags = FIELD_PTR, .doc = "Its service."},
    {.name = "caBundle", .kind = FIELD_BYTES, .protobuf = 2, .doc = "Certificates that it is trusted by."},
};
static const uint16_t order_537[] = {2, 1, 0};
static const uint16_t wire_537[] = {1, 2, 0};
static const Field fields_538[] = { /* io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion */
    {.name = "clientConfig", .kind = FIELD_OBJECT, .type = &gen_types[537], .protobuf = 2, .flags = FIELD_PTR, .doc = "How it is called."},
    {.name = "conversionReviewVersions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Versions of the calls that it understands."},
};
static const uint16_t order_538[] = {0, 1};
static const uint16_t wire_538[] = {0, 1};
static const Field fields_539[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "versions", .kind = FIELD_LIST, .elem = &elem_177, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "preferredVersion", .kind = FIELD_OBJECT, .type = &gen_types[548], .protobuf = 3, .flags = FIELD_ALWAYS},
    {.name = "serverAddressByClientCIDRs", .kind = FIELD_LIST, .elem = &elem_178, .protobuf = 4},
};
static const uint16_t order_539[] = {1, 0, 2, 4, 5, 3};
static const uint16_t wire_539[] = {2, 3, 4, 5};
static const Field fields_540[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "groups", .kind = FIELD_LIST, .elem = &elem_179, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_540[] = {1, 2, 0};
static const uint16_t wire_540[] = {2};
static const Field fields_541[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.APIResource */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Plural name, as in paths."},
    {.name = "singularName", .kind = FIELD_STRING, .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Singular name; empty means the lower case of the kind."},
    {.name = "namespaced", .kind = FIELD_BOOL, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether objects live in namespaces."},
    {.name = "group", .kind = FIELD_STRING, .protobuf = 8},
    {.name = "version", .kind = FIELD_STRING, .protobuf = 9},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Kind of the objects."},
    {.name = "verbs", .kind = FIELD_LIST, .elem = &elem_0, .go_type = "v1.Verbs", .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "What may be done with the resource."},
    {.name = "shortNames", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5, .doc = "Abbreviations that clients accept."},
    {.name = "categories", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 7, .doc = "Names under which several resources can be asked for at once, such as all."},
    {.name = "storageVersionHash", .kind = FIELD_STRING, .protobuf = 10},
};
static const uint16_t order_541[] = {8, 3, 5, 0, 2, 7, 1, 9, 6, 4};
static const uint16_t wire_541[] = {0, 2, 5, 6, 7, 1, 8, 3, 4, 9};
static const Field fields_542[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "groupVersion", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resources", .kind = FIELD_LIST, .elem = &elem_180, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_542[] = {1, 2, 0, 3};
static const uint16_t wire_542[] = {2, 3};
static const Field fields_543[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "versions", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "serverAddressByClientCIDRs", .kind = FIELD_LIST, .elem = &elem_178, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_543[] = {1, 0, 3, 2};
static const uint16_t wire_543[] = {2, 3};
static const Field fields_544[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.Condition */
    {.name = "type", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .go_type = "v1.ConditionStatus", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "observedGeneration", .kind = FIELD_INT64, .protobuf = 3, .doc = "The metadata.generation that the condition was judged by."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 6, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_544[] = {3, 5, 2, 4, 1, 0};
static const uint16_t wire_544[] = {0, 1, 2, 3, 4, 5};
static const Field fields_545[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "gracePeriodSeconds", .kind = FIELD_INT64, .protobuf = 1, .flags = FIELD_PTR, .doc = "Seconds that the object gets to end by itself; 0 deletes at once."},
    {.name = "preconditions", .kind = FIELD_OBJECT, .type = &gen_types[557], .protobuf = 2, .flags = FIELD_PTR, .doc = "What must hold for the object, or it is not deleted."},
    {.name = "orphanDependents", .kind = FIELD_BOOL, .protobuf = 3, .flags = FIELD_PTR, .doc = "Older form of propagationPolicy; true means Orphan."},
    {.name = "propagationPolicy", .kind = FIELD_STRING, .go_type = "v1.DeletionPropagation", .protobuf = 4, .flags = FIELD_PTR, .doc = "What happens to dependents - Orphan keeps them, Background deletes them afterwards, Foreground before."},
    {.name = "dryRun", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 5, .doc = "With All nothing is stored; every check is made all the same."},
    {.name = "ignoreStoreReadErrorWithClusterBreakingPotential", .kind = FIELD_BOOL, .protobuf = 6, .flags = FIELD_PTR},
};
static const uint16_t order_545[] = {1, 6, 2, 7, 0, 4, 3, 5};
static const uint16_t wire_545[] = {2, 3, 4, 5, 6, 7};
static const Field fields_546[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Path of the field."},
    {.name = "operator", .kind = FIELD_STRING, .go_type = "v1.FieldSelectorOperator", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How the field relates to the values."},
    {.name = "values", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "What the field is compared with."},
};
static const uint16_t order_546[] = {0, 1, 2};
static const uint16_t wire_546[] = {0, 1, 2};
static const Field fields_547[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource */
    {.name = "group", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "resource", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_547[] = {0, 1};
static const uint16_t wire_547[] = {0, 1};
static const Field fields_548[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery */
    {.name = "groupVersion", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "version", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_548[] = {0, 1};
static const uint16_t wire_548[] = {0, 1};
static const Field fields_549[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionKind */
    {.name = "group", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "version", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_549[] = {0, 2, 1};
static const uint16_t wire_549[] = {0, 1, 2};
static const Field fields_550[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector */
    {.name = "matchLabels", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 1, .doc = "Labels that an object must have with exactly these values."},
    {.name = "matchExpressions", .kind = FIELD_LIST, .elem = &elem_38, .protobuf = 2, .doc = "Requirements on labels, all of which must hold."},
};
static const uint16_t order_550[] = {1, 0};
static const uint16_t wire_550[] = {0, 1};
static const Field fields_551[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement */
    {.name = "key", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The label's name."},
    {.name = "operator", .kind = FIELD_STRING, .go_type = "v1.LabelSelectorOperator", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "How the label relates to the values - In, NotIn, Exists or DoesNotExist."},
    {.name = "values", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 3, .doc = "What the label is compared with; empty for Exists and DoesNotExist."},
};
static const uint16_t order_551[] = {0, 1, 2};
static const uint16_t wire_551[] = {0, 1, 2};
static const Field fields_552[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta */
    {.name = "selfLink", .kind = FIELD_STRING, .protobuf = 1, .doc = "No longer set."},
    {.name = "resourceVersion", .kind = FIELD_STRING, .protobuf = 2, .doc = "Version of the list; a watch can begin right after it."},
    {.name = "continue", .kind = FIELD_STRING, .protobuf = 3, .doc = "Token for the next page; empty on the last one. It is good for a few minutes."},
    {.name = "remainingItemCount", .kind = FIELD_INT64, .protobuf = 4, .flags = FIELD_PTR, .doc = "How many more objects there are after this page, when that is known."},
    {.name = "shardInfo", .kind = FIELD_OBJECT, .type = &gen_types[559], .protobuf = 5, .flags = FIELD_PTR},
};
static const uint16_t order_552[] = {2, 3, 1, 0, 4};
static const uint16_t wire_552[] = {0, 1, 2, 3, 4};
static const Field fields_553[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry */
    {.name = "manager", .kind = FIELD_STRING, .protobuf = 1, .doc = "Who manages the fields; the name that the client gave."},
    {.name = "operation", .kind = FIELD_STRING, .go_type = "v1.ManagedFieldsOperationType", .protobuf = 2, .doc = "Apply for server-side apply, Update for every other write."},
    {.name = "apiVersion", .kind = FIELD_STRING, .protobuf = 3},
    {.name = "time", .kind = FIELD_TIME, .protobuf = 4, .flags = FIELD_PTR, .doc = "When the set of fields last changed."},
    {.name = "fieldsType", .kind = FIELD_STRING, .protobuf = 6, .doc = "Format of the set; FieldsV1."},
    {.name = "fieldsV1", .kind = FIELD_ANY, .go_type = "v1.FieldsV1", .protobuf = 7, .flags = FIELD_PTR, .doc = "The set of fields."},
    {.name = "subresource", .kind = FIELD_STRING, .protobuf = 8, .doc = "The subresource that the fields were written through; empty for the object itself."},
};
static const uint16_t order_553[] = {2, 4, 5, 0, 1, 6, 3};
static const uint16_t wire_553[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_554[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the object, unique in its namespace among objects of the resource. It never changes."},
    {.name = "generateName", .kind = FIELD_STRING, .protobuf = 2, .doc = "Beginning of a name that the server completes with five random characters when no name is given."},
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 3, .doc = "The namespace that the object lives in; empty for objects of the whole cluster."},
    {.name = "selfLink", .kind = FIELD_STRING, .protobuf = 4, .doc = "No longer set."},
    {.name = "uid", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 5, .doc = "An identity that no other object ever has, not even a later one of the same name."},
    {.name = "resourceVersion", .kind = FIELD_STRING, .protobuf = 6, .doc = "Changes with every write; sent back with an update it makes sure that nothing changed in between."},
    {.name = "generation", .kind = FIELD_INT64, .protobuf = 7, .doc = "Counts the changes of what is wanted."},
    {.name = "creationTimestamp", .kind = FIELD_TIME, .protobuf = 8, .doc = "CreationTimestamp is a timestamp, of when the object was stored first."},
    {.name = "deletionTimestamp", .kind = FIELD_TIME, .protobuf = 9, .flags = FIELD_PTR, .doc = "When the object will be gone, or was asked to go; set by a deletion that has to wait."},
    {.name = "deletionGracePeriodSeconds", .kind = FIELD_INT64, .protobuf = 10, .flags = FIELD_PTR, .doc = "Seconds that the object was given to end."},
    {.name = "labels", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 11, .doc = "Names and values to choose objects by."},
    {.name = "annotations", .kind = FIELD_MAP, .elem = &elem_0, .protobuf = 12, .doc = "Names and values for programs and people; nothing is chosen by them."},
    {.name = "ownerReferences", .kind = FIELD_LIST, .elem = &elem_181, .protobuf = 13, .list_type = LIST_MAP, .list_map_keys = list_16, .merge_key = "uid", .flags = FIELD_PATCH_MERGE, .doc = "The objects that this one belongs to. It is deleted when the last of them is."},
    {.name = "finalizers", .kind = FIELD_LIST, .elem = &elem_0, .protobuf = 14, .list_type = LIST_SET, .flags = FIELD_PATCH_MERGE, .doc = "Names of tasks that must be done, and taken off this list, before the object goes."},
    {.name = "managedFields", .kind = FIELD_LIST, .elem = &elem_182, .protobuf = 17, .doc = "Which manager has set which fields; kept by the server for server-side apply."},
};
static const uint16_t order_554[] = {11, 7, 9, 8, 13, 1, 6, 10, 14, 0, 2, 12, 5, 3, 4};
static const uint16_t wire_554[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
static const Field fields_555[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference */
    {.name = "apiVersion", .kind = FIELD_STRING, .protobuf = 5, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Group and version of the owner."},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Kind of the owner."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the owner."},
    {.name = "uid", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Identity of the owner."},
    {.name = "controller", .kind = FIELD_BOOL, .protobuf = 6, .flags = FIELD_PTR, .doc = "Whether this owner is the one that manages the object; at most one is."},
    {.name = "blockOwnerDeletion", .kind = FIELD_BOOL, .protobuf = 7, .flags = FIELD_PTR, .doc = "Whether a foreground deletion of the owner waits for this object."},
};
static const uint16_t order_555[] = {0, 5, 4, 1, 2, 3};
static const uint16_t wire_555[] = {1, 2, 3, 0, 4, 5};
static const Field fields_556[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
};
static const uint16_t order_556[] = {1, 0, 2};
static const uint16_t wire_556[] = {2};
static const Field fields_557[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions */
    {.name = "uid", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 1, .flags = FIELD_PTR, .doc = "The identity that it must have."},
    {.name = "resourceVersion", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_PTR, .doc = "The version that it must have."},
};
static const uint16_t order_557[] = {1, 0};
static const uint16_t wire_557[] = {0, 1};
static const Field fields_558[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR */
    {.name = "clientCIDR", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "serverAddress", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_558[] = {0, 1};
static const uint16_t wire_558[] = {0, 1};
static const Field fields_559[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo */
    {.name = "selector", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_559[] = {0};
static const uint16_t wire_559[] = {0};
static const Field fields_560[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.Status */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[552], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "status", .kind = FIELD_STRING, .protobuf = 2, .doc = "Success or Failure."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 3, .doc = "A sentence for people."},
    {.name = "reason", .kind = FIELD_STRING, .go_type = "v1.StatusReason", .protobuf = 4, .doc = "A word for programs, such as NotFound or Conflict."},
    {.name = "details", .kind = FIELD_OBJECT, .type = &gen_types[562], .protobuf = 5, .flags = FIELD_PTR, .doc = "More about the reason."},
    {.name = "code", .kind = FIELD_INT32, .protobuf = 6, .doc = "The HTTP status."},
};
static const uint16_t order_560[] = {1, 7, 6, 0, 4, 2, 5, 3};
static const uint16_t wire_560[] = {2, 3, 4, 5, 6, 7};
static const Field fields_561[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause */
    {.name = "reason", .kind = FIELD_STRING, .go_type = "v1.CauseType", .protobuf = 1, .doc = "A word for programs."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 2, .doc = "A sentence for people."},
    {.name = "field", .kind = FIELD_STRING, .protobuf = 3, .doc = "Path of the field that caused it."},
};
static const uint16_t order_561[] = {2, 1, 0};
static const uint16_t wire_561[] = {0, 1, 2};
static const Field fields_562[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .doc = "Name of the object."},
    {.name = "group", .kind = FIELD_STRING, .protobuf = 2, .doc = "Group of the object."},
    {.name = "kind", .kind = FIELD_STRING, .protobuf = 3, .doc = "Kind or resource of the object."},
    {.name = "uid", .kind = FIELD_STRING, .go_type = "types.UID", .protobuf = 6, .doc = "Identity of the object."},
    {.name = "causes", .kind = FIELD_LIST, .elem = &elem_183, .protobuf = 4, .doc = "The single causes."},
    {.name = "retryAfterSeconds", .kind = FIELD_INT32, .protobuf = 5, .doc = "Seconds to wait before another try makes sense."},
};
static const uint16_t order_562[] = {4, 1, 2, 0, 5, 3};
static const uint16_t wire_562[] = {0, 1, 2, 4, 5, 3};
static const Field fields_563[] = { /* io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent */
    {.name = "type", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "ADDED, MODIFIED, DELETED, BOOKMARK or ERROR."},
    {.name = "object", .kind = FIELD_ANY, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "The object as it is after the change, or before a deletion."},
};
static const uint16_t order_563[] = {1, 0};
static const uint16_t wire_563[] = {0, 1};
static const Field fields_564[] = { /* io.k8s.apimachinery.pkg.version.Info */
    {.name = "major", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "minor", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "emulationMajor", .kind = FIELD_STRING},
    {.name = "emulationMinor", .kind = FIELD_STRING},
    {.name = "minCompatibilityMajor", .kind = FIELD_STRING},
    {.name = "minCompatibilityMinor", .kind = FIELD_STRING},
    {.name = "gitVersion", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "gitCommit", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "gitTreeState", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "buildDate", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "goVersion", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "compiler", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "platform", .kind = FIELD_STRING, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_564[] = {9, 11, 2, 3, 7, 8, 6, 10, 0, 4, 5, 1, 12};
static const Field fields_565[] = { /* io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "spec", .kind = FIELD_OBJECT, .type = &gen_types[567], .protobuf = 2, .flags = FIELD_ALWAYS, .doc = "The state that is wanted."},
    {.name = "status", .kind = FIELD_OBJECT, .type = &gen_types[568], .protobuf = 3, .flags = FIELD_ALWAYS, .doc = "The state that was last seen; written by the system."},
};
static const uint16_t order_565[] = {1, 0, 2, 3, 4};
static const uint16_t wire_565[] = {2, 3, 4};
static const Field fields_566[] = { /* io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition */
    {.name = "type", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Name of the aspect, such as Ready or Available; there is at most one condition of each."},
    {.name = "status", .kind = FIELD_STRING, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Whether it holds - True, False or Unknown."},
    {.name = "lastTransitionTime", .kind = FIELD_TIME, .protobuf = 3, .doc = "When the status last changed from one value to another."},
    {.name = "reason", .kind = FIELD_STRING, .protobuf = 4, .doc = "One word in CamelCase that tells a program why."},
    {.name = "message", .kind = FIELD_STRING, .protobuf = 5, .doc = "A sentence that tells a person why."},
};
static const uint16_t order_566[] = {2, 4, 3, 1, 0};
static const uint16_t wire_566[] = {0, 1, 2, 3, 4};
static const Field fields_567[] = { /* io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec */
    {.name = "service", .kind = FIELD_OBJECT, .type = &gen_types[569], .protobuf = 1, .flags = FIELD_PTR, .doc = "The service; the server itself when absent."},
    {.name = "group", .kind = FIELD_STRING, .protobuf = 2, .doc = "Group."},
    {.name = "version", .kind = FIELD_STRING, .protobuf = 3, .doc = "Version."},
    {.name = "insecureSkipTLSVerify", .kind = FIELD_BOOL, .protobuf = 4, .flags = FIELD_PTR, .doc = "Whether its certificate is not checked."},
    {.name = "caBundle", .kind = FIELD_BYTES, .protobuf = 5, .doc = "Certificates that it is trusted by."},
    {.name = "groupPriorityMinimum", .kind = FIELD_INT32, .protobuf = 7, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Order of groups; higher comes first."},
    {.name = "versionPriority", .kind = FIELD_INT32, .protobuf = 8, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .doc = "Order of versions; higher comes first."},
};
static const uint16_t order_567[] = {4, 1, 5, 3, 0, 2, 6};
static const uint16_t wire_567[] = {0, 1, 2, 3, 4, 5, 6};
static const Field fields_568[] = { /* io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus */
    {.name = "conditions", .kind = FIELD_LIST, .elem = &elem_184, .protobuf = 1, .list_type = LIST_MAP, .list_map_keys = list_0, .merge_key = "type", .flags = FIELD_PATCH_MERGE, .doc = "Aspects of the current state, one entry a type."},
};
static const uint16_t order_568[] = {0};
static const uint16_t wire_568[] = {0};
static const Field fields_569[] = { /* io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference */
    {.name = "namespace", .kind = FIELD_STRING, .protobuf = 1, .doc = "Its namespace."},
    {.name = "name", .kind = FIELD_STRING, .protobuf = 2, .doc = "Its name."},
    {.name = "port", .kind = FIELD_INT32, .protobuf = 3, .flags = FIELD_PTR, .deflt = "443", .doc = "Its port; 443 when absent."},
};
static const uint16_t order_569[] = {1, 0, 2};
static const uint16_t wire_569[] = {0, 1, 2};
static const Field fields_570[] = { /* io.k8s.metrics.pkg.apis.metrics.v1beta1.ContainerMetrics */
    {.name = "name", .kind = FIELD_STRING, .protobuf = 1, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "usage", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_570[] = {0, 1};
static const uint16_t wire_570[] = {0, 1};
static const Field fields_571[] = { /* io.k8s.metrics.pkg.apis.metrics.v1beta1.NodeMetrics */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "timestamp", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "window", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "usage", .kind = FIELD_MAP, .elem = &elem_8, .go_type = "v1.ResourceList", .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_571[] = {1, 0, 2, 3, 5, 4};
static const uint16_t wire_571[] = {2, 3, 4, 5};
static const Field fields_572[] = { /* io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetrics */
    {.name = "kind", .kind = FIELD_STRING, .doc = "Name of the schema that this object is written in."},
    {.name = "apiVersion", .kind = FIELD_STRING, .doc = "APIVersion defines by which schema of its kind this object is written, as a group and a version - v1 or apps/v1."},
    {.name = "metadata", .kind = FIELD_OBJECT, .type = &gen_types[554], .protobuf = 1, .flags = FIELD_ALWAYS, .doc = "Standard object's metadata - name, namespace, labels and what else every object has."},
    {.name = "timestamp", .kind = FIELD_TIME, .protobuf = 2, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "window", .kind = FIELD_STRING, .protobuf = 3, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
    {.name = "containers", .kind = FIELD_LIST, .elem = &elem_185, .protobuf = 4, .flags = FIELD_REQUIRED | FIELD_ALWAYS},
};
static const uint16_t order_572[] = {1, 5, 0, 2, 3, 4};
static const uint16_t wire_572[] = {2, 3, 4, 5};

const Type gen_types[] = { /* sorted by name */
    [0] = {.name = "io.hostplane.audit.v1.AuditCheckpoint", .doc = "Where the chain of the cluster's audit records begins and ends.", .fields = fields_0, .n_fields = 4, .by_name = order_0, .by_wire = wire_0, .n_by_wire = 2},
    [1] = {.name = "io.hostplane.audit.v1.AuditCheckpointStatus", .doc = "The ends of a chain.", .fields = fields_1, .n_fields = 6, .by_name = order_1, .by_wire = wire_1, .n_by_wire = 6},
    [2] = {.name = "io.hostplane.audit.v1.AuditEvent", .doc = "A record of a request, as audit.k8s.io/v1 has it.", .fields = fields_2, .n_fields = 18, .by_name = order_2, .by_wire = wire_2, .n_by_wire = 16},
    [3] = {.name = "io.hostplane.audit.v1.AuditGroupResources", .doc = "Resources of an API group.", .fields = fields_3, .n_fields = 3, .by_name = order_3, .by_wire = wire_3, .n_by_wire = 3},
    [4] = {.name = "io.hostplane.audit.v1.AuditPlace", .doc = "A record of the chain.", .fields = fields_4, .n_fields = 2, .by_name = order_4, .by_wire = wire_4, .n_by_wire = 2},
    [5] = {.name = "io.hostplane.audit.v1.AuditPolicy", .doc = "What is recorded of the requests of this cluster, beside what the provider has recorded.", .fields = fields_5, .n_fields = 5, .by_name = order_5, .by_wire = wire_5, .n_by_wire = 3},
    [6] = {.name = "io.hostplane.audit.v1.AuditPolicyRule", .doc = "How much is recorded of certain requests.", .fields = fields_6, .n_fields = 9, .by_name = order_6, .by_wire = wire_6, .n_by_wire = 9},
    [7] = {.name = "io.hostplane.audit.v1.AuditPolicySpec", .doc = "Rules, of which the first that matches counts.", .fields = fields_7, .n_fields = 3, .by_name = order_7, .by_wire = wire_7, .n_by_wire = 3},
    [8] = {.name = "io.hostplane.audit.v1.AuditPolicyStatus", .doc = "What became of the policy.", .fields = fields_8, .n_fields = 2, .by_name = order_8, .by_wire = wire_8, .n_by_wire = 2},
    [9] = {.name = "io.hostplane.tenancy.v1.AnonymousAuthCondition", .doc = "Requests that need no credentials.", .fields = fields_9, .n_fields = 1, .by_name = order_9, .by_wire = wire_9, .n_by_wire = 1},
    [10] = {.name = "io.hostplane.tenancy.v1.AnonymousAuthConfig", .doc = "Requests without credentials.", .fields = fields_10, .n_fields = 2, .by_name = order_10, .by_wire = wire_10, .n_by_wire = 2},
    [11] = {.name = "io.hostplane.tenancy.v1.ClaimMappings", .doc = "What of a token becomes what of a user.", .fields = fields_11, .n_fields = 4, .by_name = order_11, .by_wire = wire_11, .n_by_wire = 4},
    [12] = {.name = "io.hostplane.tenancy.v1.ClaimOrExpression", .doc = "A claim or an expression.", .fields = fields_12, .n_fields = 2, .by_name = order_12, .by_wire = wire_12, .n_by_wire = 2},
    [13] = {.name = "io.hostplane.tenancy.v1.ClaimValidationRule", .doc = "What must hold of a token: a claim with its value, or an expression.", .fields = fields_13, .n_fields = 4, .by_name = order_13, .by_wire = wire_13, .n_by_wire = 4},
    [14] = {.name = "io.hostplane.tenancy.v1.ExtraMapping", .doc = "Something more about a user.", .fields = fields_14, .n_fields = 2, .by_name = order_14, .by_wire = wire_14, .n_by_wire = 2},
    [15] = {.name = "io.hostplane.tenancy.v1.JWTAuthenticator", .doc = "An issuer whose tokens are accepted.", .fields = fields_15, .n_fields = 4, .by_name = order_15, .by_wire = wire_15, .n_by_wire = 4},
    [16] = {.name = "io.hostplane.tenancy.v1.JWTIssuer", .doc = "Who issues tokens.", .fields = fields_16, .n_fields = 5, .by_name = order_16, .by_wire = wire_16, .n_by_wire = 5},
    [17] = {.name = "io.hostplane.tenancy.v1.NodePool", .doc = "Nodes that plans can give to tenants.", .fields = fields_17, .n_fields = 5, .by_name = order_17, .by_wire = wire_17, .n_by_wire = 3},
    [18] = {.name = "io.hostplane.tenancy.v1.NodePoolSpec", .doc = "Which nodes.", .fields = fields_18, .n_fields = 2, .by_name = order_18, .by_wire = wire_18, .n_by_wire = 2},
    [19] = {.name = "io.hostplane.tenancy.v1.NodePoolStatus", .doc = "State of a pool.", .fields = fields_19, .n_fields = 1, .by_name = order_19, .by_wire = wire_19, .n_by_wire = 1},
    [20] = {.name = "io.hostplane.tenancy.v1.Plan", .doc = "What tenants get: isolation, limits and nodes.", .fields = fields_20, .n_fields = 5, .by_name = order_20, .by_wire = wire_20, .n_by_wire = 3},
    [21] = {.name = "io.hostplane.tenancy.v1.PlanRateLimits", .doc = "How much a tenant may ask.", .fields = fields_21, .n_fields = 5, .by_name = order_21, .by_wire = wire_21, .n_by_wire = 5},
    [22] = {.name = "io.hostplane.tenancy.v1.PlanSpec", .doc = "What the tenants of a plan get.", .fields = fields_22, .n_fields = 17, .by_name = order_22, .by_wire = wire_22, .n_by_wire = 17},
    [23] = {.name = "io.hostplane.tenancy.v1.PlanStatus", .doc = "State of a plan.", .fields = fields_23, .n_fields = 1, .by_name = order_23, .by_wire = wire_23, .n_by_wire = 1},
    [24] = {.name = "io.hostplane.tenancy.v1.PrefixedClaimOrExpression", .doc = "A claim with a prefix or an expression.", .fields = fields_24, .n_fields = 3, .by_name = order_24, .by_wire = wire_24, .n_by_wire = 3},
    [25] = {.name = "io.hostplane.tenancy.v1.Tenant", .doc = "A cluster of somebody's own.", .fields = fields_25, .n_fields = 5, .by_name = order_25, .by_wire = wire_25, .n_by_wire = 3},
    [26] = {.name = "io.hostplane.tenancy.v1.TenantAccess", .doc = "Opens a tenant to somebody of the provider, for a time and a reason that the tenant sees.", .fields = fields_26, .n_fields = 5, .by_name = order_26, .by_wire = wire_26, .n_by_wire = 3},
    [27] = {.name = "io.hostplane.tenancy.v1.TenantAccessRecord", .doc = "Somebody of the provider was let in.", .fields = fields_27, .n_fields = 4, .by_name = order_27, .by_wire = wire_27, .n_by_wire = 4},
    [28] = {.name = "io.hostplane.tenancy.v1.TenantAccessSpec", .doc = "Who wants in and why.", .fields = fields_28, .n_fields = 2, .by_name = order_28, .by_wire = wire_28, .n_by_wire = 2},
    [29] = {.name = "io.hostplane.tenancy.v1.TenantAccessStatus", .doc = "The way in.", .fields = fields_29, .n_fields = 2, .by_name = order_29, .by_wire = wire_29, .n_by_wire = 2},
    [30] = {.name = "io.hostplane.tenancy.v1.TenantAdmin", .doc = "Somebody who administers a tenant.", .fields = fields_30, .n_fields = 2, .by_name = order_30, .by_wire = wire_30, .n_by_wire = 2},
    [31] = {.name = "io.hostplane.tenancy.v1.TenantAuthentication", .doc = "Whose tokens a tenant accepts besides its own, and who needs none.", .fields = fields_31, .n_fields = 2, .by_name = order_31, .by_wire = wire_31, .n_by_wire = 2},
    [32] = {.name = "io.hostplane.tenancy.v1.TenantGroup", .doc = "Tenants that have limits together.", .fields = fields_32, .n_fields = 5, .by_name = order_32, .by_wire = wire_32, .n_by_wire = 3},
    [33] = {.name = "io.hostplane.tenancy.v1.TenantGroupSpec", .doc = "What the tenants of a group may have together.", .fields = fields_33, .n_fields = 3, .by_name = order_33, .by_wire = wire_33, .n_by_wire = 3},
    [34] = {.name = "io.hostplane.tenancy.v1.TenantGroupStatus", .doc = "State of a group.", .fields = fields_34, .n_fields = 1, .by_name = order_34, .by_wire = wire_34, .n_by_wire = 1},
    [35] = {.name = "io.hostplane.tenancy.v1.TenantHistory", .doc = "How far back the history of a tenant's cluster reaches.", .fields = fields_35, .n_fields = 2, .by_name = order_35, .by_wire = wire_35, .n_by_wire = 2},
    [36] = {.name = "io.hostplane.tenancy.v1.TenantKubeconfig", .doc = "Makes a kubeconfig of a tenant.", .fields = fields_36, .n_fields = 5, .by_name = order_36, .by_wire = wire_36, .n_by_wire = 3},
    [37] = {.name = "io.hostplane.tenancy.v1.TenantKubeconfigSpec", .doc = "Which kubeconfig.", .fields = fields_37, .n_fields = 5, .by_name = order_37, .by_wire = wire_37, .n_by_wire = 5},
    [38] = {.name = "io.hostplane.tenancy.v1.TenantKubeconfigStatus", .doc = "The kubeconfig.", .fields = fields_38, .n_fields = 2, .by_name = order_38, .by_wire = wire_38, .n_by_wire = 2},
    [39] = {.name = "io.hostplane.tenancy.v1.TenantMove", .doc = "Takes the next step of a tenant that is moved.", .fields = fields_39, .n_fields = 4, .by_name = order_39, .by_wire = wire_39, .n_by_wire = 2},
    [40] = {.name = "io.hostplane.tenancy.v1.TenantMoveRetry", .doc = "A move that was given up in the middle.", .fields = fields_40, .n_fields = 2, .by_name = order_40, .by_wire = wire_40, .n_by_wire = 2},
    [41] = {.name = "io.hostplane.tenancy.v1.TenantMoveStatus", .doc = "A tenant on its way between isolation modes.", .fields = fields_41, .n_fields = 6, .by_name = order_41, .by_wire = wire_41, .n_by_wire = 6},
    [42] = {.name = "io.hostplane.tenancy.v1.TenantOverrides", .doc = "Where a tenant differs from its plan.", .fields = fields_42, .n_fields = 6, .by_name = order_42, .by_wire = wire_42, .n_by_wire = 6},
    [43] = {.name = "io.hostplane.tenancy.v1.TenantRevocation", .doc = "Credentials that are good for nothing any more.", .fields = fields_43, .n_fields = 3, .by_name = order_43, .by_wire = wire_43, .n_by_wire = 3},
    [44] = {.name = "io.hostplane.tenancy.v1.TenantRevoke", .doc = "Takes back all credentials that a tenant's users have.", .fields = fields_44, .n_fields = 4, .by_name = order_44, .by_wire = wire_44, .n_by_wire = 2},
    [45] = {.name = "io.hostplane.tenancy.v1.TenantRevokeSpec", .doc = "Which credentials.", .fields = fields_45, .n_fields = 2, .by_name = order_45, .by_wire = wire_45, .n_by_wire = 2},
    [46] = {.name = "io.hostplane.tenancy.v1.TenantSpec", .doc = "What a tenant is to be.", .fields = fields_46, .n_fields = 14, .by_name = order_46, .by_wire = wire_46, .n_by_wire = 14},
    [47] = {.name = "io.hostplane.tenancy.v1.TenantStatus", .doc = "State of a tenant.", .fields = fields_47, .n_fields = 15, .by_name = order_47, .by_wire = wire_47, .n_by_wire = 15},
    [48] = {.name = "io.hostplane.tenancy.v1.TenantUsage", .doc = "What a tenant holds and uses.", .fields = fields_48, .n_fields = 4, .by_name = order_48, .by_wire = wire_48, .n_by_wire = 2},
    [49] = {.name = "io.hostplane.tenancy.v1.TenantUsageStatus", .doc = "What a tenant holds and uses.", .fields = fields_49, .n_fields = 5, .by_name = order_49, .by_wire = wire_49, .n_by_wire = 5},
    [50] = {.name = "io.hostplane.tenancy.v1.UserValidationRule", .doc = "What must hold of a user.", .fields = fields_50, .n_fields = 2, .by_name = order_50, .by_wire = wire_50, .n_by_wire = 2},
    [51] = {.name = "io.k8s.api.admissionregistration.v1.ApplyConfiguration", .doc = "A change as an apply configuration.", .fields = fields_51, .n_fields = 1, .by_name = order_51, .by_wire = wire_51, .n_by_wire = 1},
    [52] = {.name = "io.k8s.api.admissionregistration.v1.AuditAnnotation", .doc = "An entry of the audit log.", .fields = fields_52, .n_fields = 2, .by_name = order_52, .by_wire = wire_52, .n_by_wire = 2},
    [53] = {.name = "io.k8s.api.admissionregistration.v1.ExpressionWarning", .fields = fields_53, .n_fields = 2, .by_name = order_53, .by_wire = wire_53, .n_by_wire = 2},
    [54] = {.name = "io.k8s.api.admissionregistration.v1.JSONPatch", .doc = "A change as a JSON patch.", .fields = fields_54, .n_fields = 1, .by_name = order_54, .by_wire = wire_54, .n_by_wire = 1},
    [55] = {.name = "io.k8s.api.admissionregistration.v1.MatchCondition", .doc = "A condition in CEL on requests.", .fields = fields_55, .n_fields = 2, .by_name = order_55, .by_wire = wire_55, .n_by_wire = 2},
    [56] = {.name = "io.k8s.api.admissionregistration.v1.MatchResources", .doc = "Which requests a policy is about.", .fields = fields_56, .n_fields = 5, .by_name = order_56, .by_wire = wire_56, .n_by_wire = 5, .is_map_atomic = true},
    [57] = {.name = "io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy", .doc = "Changes objects on their way in, by CEL.", .fields = fields_57, .n_fields = 4, .by_name = order_57, .by_wire = wire_57, .n_by_wire = 2},
    [58] = {.name = "io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding", .doc = "Puts a mutating policy into force.", .fields = fields_58, .n_fields = 4, .by_name = order_58, .by_wire = wire_58, .n_by_wire = 2},
    [59] = {.name = "io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec", .fields = fields_59, .n_fields = 3, .by_name = order_59, .by_wire = wire_59, .n_by_wire = 3},
    [60] = {.name = "io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec", .fields = fields_60, .n_fields = 7, .by_name = order_60, .by_wire = wire_60, .n_by_wire = 7},
    [61] = {.name = "io.k8s.api.admissionregistration.v1.MutatingWebhook", .doc = "A webhook that is asked about requests.", .fields = fields_61, .n_fields = 12, .by_name = order_61, .by_wire = wire_61, .n_by_wire = 12},
    [62] = {.name = "io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration", .doc = "Webhooks that may change objects.", .fields = fields_62, .n_fields = 4, .by_name = order_62, .by_wire = wire_62, .n_by_wire = 2},
    [63] = {.name = "io.k8s.api.admissionregistration.v1.Mutation", .fields = fields_63, .n_fields = 3, .by_name = order_63, .by_wire = wire_63, .n_by_wire = 3},
    [64] = {.name = "io.k8s.api.admissionregistration.v1.NamedRuleWithOperations", .doc = "Resources and operations.", .fields = fields_64, .n_fields = 6, .by_name = order_64, .by_wire = wire_64, .n_by_wire = 6, .is_map_atomic = true},
    [65] = {.name = "io.k8s.api.admissionregistration.v1.ParamKind", .doc = "Kind of the settings of a policy.", .fields = fields_65, .n_fields = 2, .by_name = order_65, .by_wire = wire_65, .n_by_wire = 2, .is_map_atomic = true},
    [66] = {.name = "io.k8s.api.admissionregistration.v1.ParamRef", .doc = "Settings of a policy.", .fields = fields_66, .n_fields = 4, .by_name = order_66, .by_wire = wire_66, .n_by_wire = 4, .is_map_atomic = true},
    [67] = {.name = "io.k8s.api.admissionregistration.v1.RuleWithOperations", .doc = "Resources and operations.", .fields = fields_67, .n_fields = 5, .by_name = order_67, .by_wire = wire_67, .n_by_wire = 5},
    [68] = {.name = "io.k8s.api.admissionregistration.v1.ServiceReference", .doc = "A service.", .fields = fields_68, .n_fields = 4, .by_name = order_68, .by_wire = wire_68, .n_by_wire = 4},
    [69] = {.name = "io.k8s.api.admissionregistration.v1.TypeChecking", .fields = fields_69, .n_fields = 1, .by_name = order_69, .by_wire = wire_69, .n_by_wire = 1},
    [70] = {.name = "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy", .doc = "Judges objects on their way in, by CEL.", .fields = fields_70, .n_fields = 5, .by_name = order_70, .by_wire = wire_70, .n_by_wire = 3},
    [71] = {.name = "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding", .doc = "Puts a policy into force.", .fields = fields_71, .n_fields = 4, .by_name = order_71, .by_wire = wire_71, .n_by_wire = 2},
    [72] = {.name = "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec", .doc = "Which policy, where and how.", .fields = fields_72, .n_fields = 4, .by_name = order_72, .by_wire = wire_72, .n_by_wire = 4},
    [73] = {.name = "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec", .doc = "What a policy judges.", .fields = fields_73, .n_fields = 7, .by_name = order_73, .by_wire = wire_73, .n_by_wire = 7},
    [74] = {.name = "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus", .fields = fields_74, .n_fields = 3, .by_name = order_74, .by_wire = wire_74, .n_by_wire = 3},
    [75] = {.name = "io.k8s.api.admissionregistration.v1.ValidatingWebhook", .doc = "A webhook that is asked about requests.", .fields = fields_75, .n_fields = 11, .by_name = order_75, .by_wire = wire_75, .n_by_wire = 11},
    [76] = {.name = "io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration", .doc = "Webhooks that may refuse objects.", .fields = fields_76, .n_fields = 4, .by_name = order_76, .by_wire = wire_76, .n_by_wire = 2},
    [77] = {.name = "io.k8s.api.admissionregistration.v1.Validation", .doc = "A rule.", .fields = fields_77, .n_fields = 4, .by_name = order_77, .by_wire = wire_77, .n_by_wire = 4},
    [78] = {.name = "io.k8s.api.admissionregistration.v1.Variable", .doc = "A name for an expression.", .fields = fields_78, .n_fields = 2, .by_name = order_78, .by_wire = wire_78, .n_by_wire = 2, .is_map_atomic = true},
    [79] = {.name = "io.k8s.api.admissionregistration.v1.WebhookClientConfig", .doc = "How a webhook is called.", .fields = fields_79, .n_fields = 3, .by_name = order_79, .by_wire = wire_79, .n_by_wire = 3},
    [80] = {.name = "io.k8s.api.apidiscovery.v2.APIGroupDiscovery", .fields = fields_80, .n_fields = 4, .by_name = order_80, .by_wire = wire_80, .n_by_wire = 2},
    [81] = {.name = "io.k8s.api.apidiscovery.v2.APIResourceDiscovery", .fields = fields_81, .n_fields = 8, .by_name = order_81, .by_wire = wire_81, .n_by_wire = 8},
    [82] = {.name = "io.k8s.api.apidiscovery.v2.APISubresourceDiscovery", .fields = fields_82, .n_fields = 4, .by_name = order_82, .by_wire = wire_82, .n_by_wire = 4},
    [83] = {.name = "io.k8s.api.apidiscovery.v2.APIVersionDiscovery", .fields = fields_83, .n_fields = 3, .by_name = order_83, .by_wire = wire_83, .n_by_wire = 3},
    [84] = {.name = "io.k8s.api.apps.v1.ControllerRevision", .doc = "A kept state of a DaemonSet or StatefulSet, to go back to.", .fields = fields_84, .n_fields = 5, .by_name = order_84, .by_wire = wire_84, .n_by_wire = 3},
    [85] = {.name = "io.k8s.api.apps.v1.DaemonSet", .doc = "Keeps one pod on every node that fits.", .fields = fields_85, .n_fields = 5, .by_name = order_85, .by_wire = wire_85, .n_by_wire = 3},
    [86] = {.name = "io.k8s.api.apps.v1.DaemonSetCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_86, .n_fields = 5, .by_name = order_86, .by_wire = wire_86, .n_by_wire = 5},
    [87] = {.name = "io.k8s.api.apps.v1.DaemonSetSpec", .doc = "Which pods a daemon set runs on nodes.", .fields = fields_87, .n_fields = 5, .by_name = order_87, .by_wire = wire_87, .n_by_wire = 5},
    [88] = {.name = "io.k8s.api.apps.v1.DaemonSetStatus", .doc = "How many nodes have their pod.", .fields = fields_88, .n_fields = 10, .by_name = order_88, .by_wire = wire_88, .n_by_wire = 10},
    [89] = {.name = "io.k8s.api.apps.v1.DaemonSetUpdateStrategy", .doc = "How a daemon set replaces its pods.", .fields = fields_89, .n_fields = 2, .by_name = order_89, .by_wire = wire_89, .n_by_wire = 2},
    [90] = {.name = "io.k8s.api.apps.v1.Deployment", .doc = "Keeps a number of pods running and replaces them step by step when they change.", .fields = fields_90, .n_fields = 5, .by_name = order_90, .by_wire = wire_90, .n_by_wire = 3},
    [91] = {.name = "io.k8s.api.apps.v1.DeploymentCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_91, .n_fields = 6, .by_name = order_91, .by_wire = wire_91, .n_by_wire = 6},
    [92] = {.name = "io.k8s.api.apps.v1.DeploymentSpec", .doc = "Which pods a deployment runs.", .fields = fields_92, .n_fields = 8, .by_name = order_92, .by_wire = wire_92, .n_by_wire = 8},
    [93] = {.name = "io.k8s.api.apps.v1.DeploymentStatus", .doc = "How far a deployment is.", .fields = fields_93, .n_fields = 9, .by_name = order_93, .by_wire = wire_93, .n_by_wire = 9},
    [94] = {.name = "io.k8s.api.apps.v1.DeploymentStrategy", .doc = "How a deployment replaces its pods.", .fields = fields_94, .n_fields = 2, .by_name = order_94, .by_wire = wire_94, .n_by_wire = 2},
    [95] = {.name = "io.k8s.api.apps.v1.ReplicaSet", .doc = "Keeps a number of like pods running. Deployments make them.", .fields = fields_95, .n_fields = 5, .by_name = order_95, .by_wire = wire_95, .n_by_wire = 3},
    [96] = {.name = "io.k8s.api.apps.v1.ReplicaSetCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_96, .n_fields = 5, .by_name = order_96, .by_wire = wire_96, .n_by_wire = 5},
    [97] = {.name = "io.k8s.api.apps.v1.ReplicaSetSpec", .doc = "Which pods a replica set keeps.", .fields = fields_97, .n_fields = 4, .by_name = order_97, .by_wire = wire_97, .n_by_wire = 4},
    [98] = {.name = "io.k8s.api.apps.v1.ReplicaSetStatus", .doc = "How many pods there are.", .fields = fields_98, .n_fields = 7, .by_name = order_98, .by_wire = wire_98, .n_by_wire = 7},
    [99] = {.name = "io.k8s.api.apps.v1.RollingUpdateDaemonSet", .doc = "Settings of a rolling update.", .fields = fields_99, .n_fields = 2, .by_name = order_99, .by_wire = wire_99, .n_by_wire = 2},
    [100] = {.name = "io.k8s.api.apps.v1.RollingUpdateDeployment", .doc = "Settings of a rolling update.", .fields = fields_100, .n_fields = 2, .by_name = order_100, .by_wire = wire_100, .n_by_wire = 2},
    [101] = {.name = "io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy", .doc = "Settings of a rolling update.", .fields = fields_101, .n_fields = 2, .by_name = order_101, .by_wire = wire_101, .n_by_wire = 2},
    [102] = {.name = "io.k8s.api.apps.v1.StatefulSet", .doc = "Keeps numbered pods running, each with a name and storage of its own.", .fields = fields_102, .n_fields = 5, .by_name = order_102, .by_wire = wire_102, .n_by_wire = 3},
    [103] = {.name = "io.k8s.api.apps.v1.StatefulSetCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_103, .n_fields = 5, .by_name = order_103, .by_wire = wire_103, .n_by_wire = 5},
    [104] = {.name = "io.k8s.api.apps.v1.StatefulSetOrdinals", .doc = "Numbers of the pods.", .fields = fields_104, .n_fields = 1, .by_name = order_104, .by_wire = wire_104, .n_by_wire = 1},
    [105] = {.name = "io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy", .doc = "What becomes of the claims.", .fields = fields_105, .n_fields = 2, .by_name = order_105, .by_wire = wire_105, .n_by_wire = 2},
    [106] = {.name = "io.k8s.api.apps.v1.StatefulSetSpec", .doc = "Which pods a stateful set runs.", .fields = fields_106, .n_fields = 11, .by_name = order_106, .by_wire = wire_106, .n_by_wire = 11},
    [107] = {.name = "io.k8s.api.apps.v1.StatefulSetStatus", .doc = "How far a stateful set is.", .fields = fields_107, .n_fields = 10, .by_name = order_107, .by_wire = wire_107, .n_by_wire = 10},
    [108] = {.name = "io.k8s.api.apps.v1.StatefulSetUpdateStrategy", .doc = "How a stateful set replaces its pods.", .fields = fields_108, .n_fields = 2, .by_name = order_108, .by_wire = wire_108, .n_by_wire = 2},
    [109] = {.name = "io.k8s.api.authentication.v1.BoundObjectReference", .doc = "The object that a token goes with.", .fields = fields_109, .n_fields = 4, .by_name = order_109, .by_wire = wire_109, .n_by_wire = 4},
    [110] = {.name = "io.k8s.api.authentication.v1.SelfSubjectReview", .doc = "Says who the caller is.", .fields = fields_110, .n_fields = 4, .by_name = order_110, .by_wire = wire_110, .n_by_wire = 2},
    [111] = {.name = "io.k8s.api.authentication.v1.SelfSubjectReviewStatus", .doc = "Who the caller is.", .fields = fields_111, .n_fields = 1, .by_name = order_111, .by_wire = wire_111, .n_by_wire = 1},
    [112] = {.name = "io.k8s.api.authentication.v1.TokenRequest", .doc = "Makes a token of a service account.", .fields = fields_112, .n_fields = 5, .by_name = order_112, .by_wire = wire_112, .n_by_wire = 3},
    [113] = {.name = "io.k8s.api.authentication.v1.TokenRequestSpec", .doc = "Which token.", .fields = fields_113, .n_fields = 3, .by_name = order_113, .by_wire = wire_113, .n_by_wire = 3},
    [114] = {.name = "io.k8s.api.authentication.v1.TokenRequestStatus", .doc = "The token.", .fields = fields_114, .n_fields = 2, .by_name = order_114, .by_wire = wire_114, .n_by_wire = 2},
    [115] = {.name = "io.k8s.api.authentication.v1.TokenReview", .doc = "Says whose a token is.", .fields = fields_115, .n_fields = 5, .by_name = order_115, .by_wire = wire_115, .n_by_wire = 3},
    [116] = {.name = "io.k8s.api.authentication.v1.TokenReviewSpec", .doc = "The token.", .fields = fields_116, .n_fields = 2, .by_name = order_116, .by_wire = wire_116, .n_by_wire = 2},
    [117] = {.name = "io.k8s.api.authentication.v1.TokenReviewStatus", .doc = "Whose it is.", .fields = fields_117, .n_fields = 4, .by_name = order_117, .by_wire = wire_117, .n_by_wire = 4},
    [118] = {.name = "io.k8s.api.authentication.v1.UserInfo", .doc = "A user.", .fields = fields_118, .n_fields = 4, .by_name = order_118, .by_wire = wire_118, .n_by_wire = 4},
    [119] = {.name = "io.k8s.api.authorization.v1.FieldSelectorAttributes", .fields = fields_119, .n_fields = 2, .by_name = order_119, .by_wire = wire_119, .n_by_wire = 2},
    [120] = {.name = "io.k8s.api.authorization.v1.LabelSelectorAttributes", .fields = fields_120, .n_fields = 2, .by_name = order_120, .by_wire = wire_120, .n_by_wire = 2},
    [121] = {.name = "io.k8s.api.authorization.v1.LocalSubjectAccessReview", .doc = "Says what somebody may do in a namespace.", .fields = fields_121, .n_fields = 5, .by_name = order_121, .by_wire = wire_121, .n_by_wire = 3},
    [122] = {.name = "io.k8s.api.authorization.v1.NonResourceAttributes", .doc = "A request for a path.", .fields = fields_122, .n_fields = 2, .by_name = order_122, .by_wire = wire_122, .n_by_wire = 2},
    [123] = {.name = "io.k8s.api.authorization.v1.NonResourceRule", .doc = "What may be done with paths.", .fields = fields_123, .n_fields = 2, .by_name = order_123, .by_wire = wire_123, .n_by_wire = 2},
    [124] = {.name = "io.k8s.api.authorization.v1.ResourceAttributes", .doc = "A request for a resource.", .fields = fields_124, .n_fields = 9, .by_name = order_124, .by_wire = wire_124, .n_by_wire = 9},
    [125] = {.name = "io.k8s.api.authorization.v1.ResourceRule", .doc = "What may be done with resources.", .fields = fields_125, .n_fields = 4, .by_name = order_125, .by_wire = wire_125, .n_by_wire = 4},
    [126] = {.name = "io.k8s.api.authorization.v1.SelfSubjectAccessReview", .doc = "Says whether the caller may do something.", .fields = fields_126, .n_fields = 5, .by_name = order_126, .by_wire = wire_126, .n_by_wire = 3},
    [127] = {.name = "io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec", .doc = "What is to be done.", .fields = fields_127, .n_fields = 2, .by_name = order_127, .by_wire = wire_127, .n_by_wire = 2},
    [128] = {.name = "io.k8s.api.authorization.v1.SelfSubjectRulesReview", .doc = "Says what the caller may do in a namespace.", .fields = fields_128, .n_fields = 5, .by_name = order_128, .by_wire = wire_128, .n_by_wire = 3},
    [129] = {.name = "io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec", .doc = "Where.", .fields = fields_129, .n_fields = 1, .by_name = order_129, .by_wire = wire_129, .n_by_wire = 1},
    [130] = {.name = "io.k8s.api.authorization.v1.SubjectAccessReview", .doc = "Says whether somebody may do something.", .fields = fields_130, .n_fields = 5, .by_name = order_130, .by_wire = wire_130, .n_by_wire = 3},
    [131] = {.name = "io.k8s.api.authorization.v1.SubjectAccessReviewSpec", .doc = "Who and what.", .fields = fields_131, .n_fields = 6, .by_name = order_131, .by_wire = wire_131, .n_by_wire = 6},
    [132] = {.name = "io.k8s.api.authorization.v1.SubjectAccessReviewStatus", .doc = "The answer.", .fields = fields_132, .n_fields = 4, .by_name = order_132, .by_wire = wire_132, .n_by_wire = 4},
    [133] = {.name = "io.k8s.api.authorization.v1.SubjectRulesReviewStatus", .doc = "What may be done.", .fields = fields_133, .n_fields = 4, .by_name = order_133, .by_wire = wire_133, .n_by_wire = 4},
    [134] = {.name = "io.k8s.api.autoscaling.v1.CrossVersionObjectReference", .doc = "Names an object that can be scaled.", .fields = fields_134, .n_fields = 3, .by_name = order_134, .by_wire = wire_134, .n_by_wire = 3, .is_map_atomic = true},
    [135] = {.name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler", .doc = "Sets the number of pods by their use of CPU.", .fields = fields_135, .n_fields = 5, .by_name = order_135, .by_wire = wire_135, .n_by_wire = 3},
    [136] = {.name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec", .doc = "What is scaled, and how far.", .fields = fields_136, .n_fields = 4, .by_name = order_136, .by_wire = wire_136, .n_by_wire = 4},
    [137] = {.name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus", .doc = "What the autoscaler sees.", .fields = fields_137, .n_fields = 5, .by_name = order_137, .by_wire = wire_137, .n_by_wire = 5},
    [138] = {.name = "io.k8s.api.autoscaling.v1.Scale", .doc = "The number of pods of an object.", .fields = fields_138, .n_fields = 5, .by_name = order_138, .by_wire = wire_138, .n_by_wire = 3},
    [139] = {.name = "io.k8s.api.autoscaling.v1.ScaleSpec", .doc = "How many pods are wanted.", .fields = fields_139, .n_fields = 1, .by_name = order_139, .by_wire = wire_139, .n_by_wire = 1},
    [140] = {.name = "io.k8s.api.autoscaling.v1.ScaleStatus", .doc = "How many pods there are.", .fields = fields_140, .n_fields = 2, .by_name = order_140, .by_wire = wire_140, .n_by_wire = 2},
    [141] = {.name = "io.k8s.api.autoscaling.v2.ContainerResourceMetricSource", .doc = "Use of a resource by one container of every pod.", .fields = fields_141, .n_fields = 3, .by_name = order_141, .by_wire = wire_141, .n_by_wire = 3},
    [142] = {.name = "io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus", .fields = fields_142, .n_fields = 3, .by_name = order_142, .by_wire = wire_142, .n_by_wire = 3},
    [143] = {.name = "io.k8s.api.autoscaling.v2.CrossVersionObjectReference", .doc = "Names an object that can be scaled.", .fields = fields_143, .n_fields = 3, .by_name = order_143, .by_wire = wire_143, .n_by_wire = 3},
    [144] = {.name = "io.k8s.api.autoscaling.v2.ExternalMetricSource", .doc = "A number from outside the cluster.", .fields = fields_144, .n_fields = 2, .by_name = order_144, .by_wire = wire_144, .n_by_wire = 2},
    [145] = {.name = "io.k8s.api.autoscaling.v2.ExternalMetricStatus", .fields = fields_145, .n_fields = 2, .by_name = order_145, .by_wire = wire_145, .n_by_wire = 2},
    [146] = {.name = "io.k8s.api.autoscaling.v2.HPAScalingPolicy", .doc = "A limit on the speed of scaling.", .fields = fields_146, .n_fields = 3, .by_name = order_146, .by_wire = wire_146, .n_by_wire = 3},
    [147] = {.name = "io.k8s.api.autoscaling.v2.HPAScalingRules", .doc = "How fast to scale in one direction.", .fields = fields_147, .n_fields = 4, .by_name = order_147, .by_wire = wire_147, .n_by_wire = 4},
    [148] = {.name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler", .doc = "Sets the number of pods by what is measured.", .fields = fields_148, .n_fields = 5, .by_name = order_148, .by_wire = wire_148, .n_by_wire = 3},
    [149] = {.name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior", .doc = "How fast to scale.", .fields = fields_149, .n_fields = 2, .by_name = order_149, .by_wire = wire_149, .n_by_wire = 2},
    [150] = {.name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_150, .n_fields = 5, .by_name = order_150, .by_wire = wire_150, .n_by_wire = 5},
    [151] = {.name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec", .doc = "What is scaled, by what, and how far.", .fields = fields_151, .n_fields = 5, .by_name = order_151, .by_wire = wire_151, .n_by_wire = 5},
    [152] = {.name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus", .doc = "What the autoscaler sees.", .fields = fields_152, .n_fields = 6, .by_name = order_152, .by_wire = wire_152, .n_by_wire = 6},
    [153] = {.name = "io.k8s.api.autoscaling.v2.MetricIdentifier", .doc = "Which number.", .fields = fields_153, .n_fields = 2, .by_name = order_153, .by_wire = wire_153, .n_by_wire = 2},
    [154] = {.name = "io.k8s.api.autoscaling.v2.MetricSpec", .doc = "One thing that is measured.", .fields = fields_154, .n_fields = 6, .by_name = order_154, .by_wire = wire_154, .n_by_wire = 6},
    [155] = {.name = "io.k8s.api.autoscaling.v2.MetricStatus", .fields = fields_155, .n_fields = 6, .by_name = order_155, .by_wire = wire_155, .n_by_wire = 6},
    [156] = {.name = "io.k8s.api.autoscaling.v2.MetricTarget", .doc = "The value that is wanted.", .fields = fields_156, .n_fields = 4, .by_name = order_156, .by_wire = wire_156, .n_by_wire = 4},
    [157] = {.name = "io.k8s.api.autoscaling.v2.MetricValueStatus", .fields = fields_157, .n_fields = 3, .by_name = order_157, .by_wire = wire_157, .n_by_wire = 3},
    [158] = {.name = "io.k8s.api.autoscaling.v2.ObjectMetricSource", .doc = "A number of one object.", .fields = fields_158, .n_fields = 3, .by_name = order_158, .by_wire = wire_158, .n_by_wire = 3},
    [159] = {.name = "io.k8s.api.autoscaling.v2.ObjectMetricStatus", .fields = fields_159, .n_fields = 3, .by_name = order_159, .by_wire = wire_159, .n_by_wire = 3},
    [160] = {.name = "io.k8s.api.autoscaling.v2.PodsMetricSource", .doc = "A number of every pod.", .fields = fields_160, .n_fields = 2, .by_name = order_160, .by_wire = wire_160, .n_by_wire = 2},
    [161] = {.name = "io.k8s.api.autoscaling.v2.PodsMetricStatus", .fields = fields_161, .n_fields = 2, .by_name = order_161, .by_wire = wire_161, .n_by_wire = 2},
    [162] = {.name = "io.k8s.api.autoscaling.v2.ResourceMetricSource", .doc = "Use of a resource by all containers.", .fields = fields_162, .n_fields = 2, .by_name = order_162, .by_wire = wire_162, .n_by_wire = 2},
    [163] = {.name = "io.k8s.api.autoscaling.v2.ResourceMetricStatus", .fields = fields_163, .n_fields = 2, .by_name = order_163, .by_wire = wire_163, .n_by_wire = 2},
    [164] = {.name = "io.k8s.api.batch.v1.CronJob", .doc = "Makes jobs at set times.", .fields = fields_164, .n_fields = 5, .by_name = order_164, .by_wire = wire_164, .n_by_wire = 3},
    [165] = {.name = "io.k8s.api.batch.v1.CronJobSpec", .doc = "When and which jobs are made.", .fields = fields_165, .n_fields = 8, .by_name = order_165, .by_wire = wire_165, .n_by_wire = 8},
    [166] = {.name = "io.k8s.api.batch.v1.CronJobStatus", .doc = "What a cron job has done.", .fields = fields_166, .n_fields = 3, .by_name = order_166, .by_wire = wire_166, .n_by_wire = 3},
    [167] = {.name = "io.k8s.api.batch.v1.Job", .doc = "Runs pods until enough of them have succeeded.", .fields = fields_167, .n_fields = 5, .by_name = order_167, .by_wire = wire_167, .n_by_wire = 3},
    [168] = {.name = "io.k8s.api.batch.v1.JobCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_168, .n_fields = 6, .by_name = order_168, .by_wire = wire_168, .n_by_wire = 6},
    [169] = {.name = "io.k8s.api.batch.v1.JobSpec", .doc = "Which pods a job runs and how many must succeed.", .fields = fields_169, .n_fields = 16, .by_name = order_169, .by_wire = wire_169, .n_by_wire = 16},
    [170] = {.name = "io.k8s.api.batch.v1.JobStatus", .doc = "How far a job is.", .fields = fields_170, .n_fields = 11, .by_name = order_170, .by_wire = wire_170, .n_by_wire = 11},
    [171] = {.name = "io.k8s.api.batch.v1.JobTemplateSpec", .doc = "The jobs that a cron job makes.", .fields = fields_171, .n_fields = 2, .by_name = order_171, .by_wire = wire_171, .n_by_wire = 2},
    [172] = {.name = "io.k8s.api.batch.v1.PodFailurePolicy", .doc = "What failed pods mean.", .fields = fields_172, .n_fields = 1, .by_name = order_172, .by_wire = wire_172, .n_by_wire = 1},
    [173] = {.name = "io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement", .doc = "Exit codes.", .fields = fields_173, .n_fields = 3, .by_name = order_173, .by_wire = wire_173, .n_by_wire = 3},
    [174] = {.name = "io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern", .doc = "A condition of a pod.", .fields = fields_174, .n_fields = 2, .by_name = order_174, .by_wire = wire_174, .n_by_wire = 2},
    [175] = {.name = "io.k8s.api.batch.v1.PodFailurePolicyRule", .doc = "What one sort of failure means.", .fields = fields_175, .n_fields = 3, .by_name = order_175, .by_wire = wire_175, .n_by_wire = 3},
    [176] = {.name = "io.k8s.api.batch.v1.SuccessPolicy", .doc = "When a job has succeeded.", .fields = fields_176, .n_fields = 1, .by_name = order_176, .by_wire = wire_176, .n_by_wire = 1},
    [177] = {.name = "io.k8s.api.batch.v1.SuccessPolicyRule", .doc = "One way to success.", .fields = fields_177, .n_fields = 2, .by_name = order_177, .by_wire = wire_177, .n_by_wire = 2},
    [178] = {.name = "io.k8s.api.batch.v1.UncountedTerminatedPods", .fields = fields_178, .n_fields = 2, .by_name = order_178, .by_wire = wire_178, .n_by_wire = 2},
    [179] = {.name = "io.k8s.api.certificates.v1.CertificateSigningRequest", .doc = "Asks for a certificate, which somebody must approve.", .fields = fields_179, .n_fields = 5, .by_name = order_179, .by_wire = wire_179, .n_by_wire = 3},
    [180] = {.name = "io.k8s.api.certificates.v1.CertificateSigningRequestCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_180, .n_fields = 6, .by_name = order_180, .by_wire = wire_180, .n_by_wire = 6},
    [181] = {.name = "io.k8s.api.certificates.v1.CertificateSigningRequestSpec", .doc = "Which certificate is wanted.", .fields = fields_181, .n_fields = 8, .by_name = order_181, .by_wire = wire_181, .n_by_wire = 8},
    [182] = {.name = "io.k8s.api.certificates.v1.CertificateSigningRequestStatus", .doc = "What became of a request.", .fields = fields_182, .n_fields = 2, .by_name = order_182, .by_wire = wire_182, .n_by_wire = 2},
    [183] = {.name = "io.k8s.api.coordination.v1.Lease", .doc = "A claim to a role for a time, such as leader of several instances.", .fields = fields_183, .n_fields = 4, .by_name = order_183, .by_wire = wire_183, .n_by_wire = 2},
    [184] = {.name = "io.k8s.api.coordination.v1.LeaseSpec", .doc = "Who holds the lease, and until when.", .fields = fields_184, .n_fields = 7, .by_name = order_184, .by_wire = wire_184, .n_by_wire = 7},
    [185] = {.name = "io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource", .fields = fields_185, .n_fields = 4, .by_name = order_185, .by_wire = wire_185, .n_by_wire = 4},
    [186] = {.name = "io.k8s.api.core.v1.Affinity", .doc = "Rules that draw a pod to nodes or keep it away from them.", .fields = fields_186, .n_fields = 3, .by_name = order_186, .by_wire = wire_186, .n_by_wire = 3},
    [187] = {.name = "io.k8s.api.core.v1.AppArmorProfile", .doc = "Which AppArmor profile confines a container.", .fields = fields_187, .n_fields = 2, .by_name = order_187, .by_wire = wire_187, .n_by_wire = 2},
    [188] = {.name = "io.k8s.api.core.v1.AttachedVolume", .fields = fields_188, .n_fields = 2, .by_name = order_188, .by_wire = wire_188, .n_by_wire = 2},
    [189] = {.name = "io.k8s.api.core.v1.AzureDiskVolumeSource", .fields = fields_189, .n_fields = 6, .by_name = order_189, .by_wire = wire_189, .n_by_wire = 6},
    [190] = {.name = "io.k8s.api.core.v1.AzureFilePersistentVolumeSource", .fields = fields_190, .n_fields = 4, .by_name = order_190, .by_wire = wire_190, .n_by_wire = 4},
    [191] = {.name = "io.k8s.api.core.v1.AzureFileVolumeSource", .fields = fields_191, .n_fields = 3, .by_name = order_191, .by_wire = wire_191, .n_by_wire = 3},
    [192] = {.name = "io.k8s.api.core.v1.Binding", .doc = "Puts a pod onto a node.", .fields = fields_192, .n_fields = 4, .by_name = order_192, .by_wire = wire_192, .n_by_wire = 2},
    [193] = {.name = "io.k8s.api.core.v1.CSIPersistentVolumeSource", .doc = "A volume of a storage driver (CSI) that outlives pods.", .fields = fields_193, .n_fields = 10, .by_name = order_193, .by_wire = wire_193, .n_by_wire = 10},
    [194] = {.name = "io.k8s.api.core.v1.CSIVolumeSource", .doc = "A volume of a storage driver (CSI) that lives with its pod.", .fields = fields_194, .n_fields = 5, .by_name = order_194, .by_wire = wire_194, .n_by_wire = 5},
    [195] = {.name = "io.k8s.api.core.v1.Capabilities", .doc = "Linux capabilities beyond or below those that a container gets by itself.", .fields = fields_195, .n_fields = 2, .by_name = order_195, .by_wire = wire_195, .n_by_wire = 2},
    [196] = {.name = "io.k8s.api.core.v1.CephFSPersistentVolumeSource", .fields = fields_196, .n_fields = 6, .by_name = order_196, .by_wire = wire_196, .n_by_wire = 6},
    [197] = {.name = "io.k8s.api.core.v1.CephFSVolumeSource", .fields = fields_197, .n_fields = 6, .by_name = order_197, .by_wire = wire_197, .n_by_wire = 6},
    [198] = {.name = "io.k8s.api.core.v1.CinderPersistentVolumeSource", .fields = fields_198, .n_fields = 4, .by_name = order_198, .by_wire = wire_198, .n_by_wire = 4},
    [199] = {.name = "io.k8s.api.core.v1.CinderVolumeSource", .fields = fields_199, .n_fields = 4, .by_name = order_199, .by_wire = wire_199, .n_by_wire = 4},
    [200] = {.name = "io.k8s.api.core.v1.ClientIPConfig", .doc = "How long a client stays with one endpoint.", .fields = fields_200, .n_fields = 1, .by_name = order_200, .by_wire = wire_200, .n_by_wire = 1},
    [201] = {.name = "io.k8s.api.core.v1.ClusterTrustBundleProjection", .doc = "Certificates of a trust bundle as a file.", .fields = fields_201, .n_fields = 5, .by_name = order_201, .by_wire = wire_201, .n_by_wire = 5},
    [202] = {.name = "io.k8s.api.core.v1.ComponentCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_202, .n_fields = 4, .by_name = order_202, .by_wire = wire_202, .n_by_wire = 4},
    [203] = {.name = "io.k8s.api.core.v1.ComponentStatus", .doc = "Health of a part of the control plane; kept for old clients.", .fields = fields_203, .n_fields = 4, .by_name = order_203, .by_wire = wire_203, .n_by_wire = 2},
    [204] = {.name = "io.k8s.api.core.v1.ConfigMap", .doc = "Settings that pods read as environment variables, arguments or files.", .fields = fields_204, .n_fields = 6, .by_name = order_204, .by_wire = wire_204, .n_by_wire = 4},
    [205] = {.name = "io.k8s.api.core.v1.ConfigMapEnvSource", .doc = "All entries of a config map as environment variables.", .fields = fields_205, .n_fields = 2, .by_name = order_205, .by_wire = wire_205, .n_by_wire = 2},
    [206] = {.name = "io.k8s.api.core.v1.ConfigMapKeySelector", .doc = "One entry of a config map.", .fields = fields_206, .n_fields = 3, .by_name = order_206, .by_wire = wire_206, .n_by_wire = 3, .is_map_atomic = true},
    [207] = {.name = "io.k8s.api.core.v1.ConfigMapNodeConfigSource", .fields = fields_207, .n_fields = 5, .by_name = order_207, .by_wire = wire_207, .n_by_wire = 5},
    [208] = {.name = "io.k8s.api.core.v1.ConfigMapProjection", .doc = "Entries of a config map as files in a projected volume.", .fields = fields_208, .n_fields = 3, .by_name = order_208, .by_wire = wire_208, .n_by_wire = 3},
    [209] = {.name = "io.k8s.api.core.v1.ConfigMapVolumeSource", .doc = "A volume whose files are the entries of a config map.", .fields = fields_209, .n_fields = 4, .by_name = order_209, .by_wire = wire_209, .n_by_wire = 4},
    [210] = {.name = "io.k8s.api.core.v1.Container", .doc = "One program of a pod, with its image, environment and limits.", .fields = fields_210, .n_fields = 25, .by_name = order_210, .by_wire = wire_210, .n_by_wire = 25},
    [211] = {.name = "io.k8s.api.core.v1.ContainerExtendedResourceRequest", .fields = fields_211, .n_fields = 3, .by_name = order_211, .by_wire = wire_211, .n_by_wire = 3},
    [212] = {.name = "io.k8s.api.core.v1.ContainerImage", .doc = "An image that a node has.", .fields = fields_212, .n_fields = 2, .by_name = order_212, .by_wire = wire_212, .n_by_wire = 2},
    [213] = {.name = "io.k8s.api.core.v1.ContainerPort", .doc = "A port that a container listens on.", .fields = fields_213, .n_fields = 5, .by_name = order_213, .by_wire = wire_213, .n_by_wire = 5},
    [214] = {.name = "io.k8s.api.core.v1.ContainerResizePolicy", .doc = "What happens to a container when one of its resources is changed.", .fields = fields_214, .n_fields = 2, .by_name = order_214, .by_wire = wire_214, .n_by_wire = 2},
    [215] = {.name = "io.k8s.api.core.v1.ContainerRestartRule", .fields = fields_215, .n_fields = 2, .by_name = order_215, .by_wire = wire_215, .n_by_wire = 2},
    [216] = {.name = "io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes", .fields = fields_216, .n_fields = 2, .by_name = order_216, .by_wire = wire_216, .n_by_wire = 2},
    [217] = {.name = "io.k8s.api.core.v1.ContainerState", .doc = "What a container is doing; one of the three is set.", .fields = fields_217, .n_fields = 3, .by_name = order_217, .by_wire = wire_217, .n_by_wire = 3},
    [218] = {.name = "io.k8s.api.core.v1.ContainerStateRunning", .doc = "A container that runs.", .fields = fields_218, .n_fields = 1, .by_name = order_218, .by_wire = wire_218, .n_by_wire = 1},
    [219] = {.name = "io.k8s.api.core.v1.ContainerStateTerminated", .doc = "A container that has ended.", .fields = fields_219, .n_fields = 7, .by_name = order_219, .by_wire = wire_219, .n_by_wire = 7},
    [220] = {.name = "io.k8s.api.core.v1.ContainerStateWaiting", .doc = "A container that does not run yet.", .fields = fields_220, .n_fields = 2, .by_name = order_220, .by_wire = wire_220, .n_by_wire = 2},
    [221] = {.name = "io.k8s.api.core.v1.ContainerStatus", .doc = "What became of one container of a pod.", .fields = fields_221, .n_fields = 15, .by_name = order_221, .by_wire = wire_221, .n_by_wire = 15},
    [222] = {.name = "io.k8s.api.core.v1.ContainerUser", .fields = fields_222, .n_fields = 1, .by_name = order_222, .by_wire = wire_222, .n_by_wire = 1},
    [223] = {.name = "io.k8s.api.core.v1.DaemonEndpoint", .fields = fields_223, .n_fields = 1, .by_name = order_223, .by_wire = wire_223, .n_by_wire = 1},
    [224] = {.name = "io.k8s.api.core.v1.DownwardAPIProjection", .doc = "Facts about the pod as files in a projected volume.", .fields = fields_224, .n_fields = 1, .by_name = order_224, .by_wire = wire_224, .n_by_wire = 1},
    [225] = {.name = "io.k8s.api.core.v1.DownwardAPIVolumeFile", .doc = "A file that holds a fact about the pod.", .fields = fields_225, .n_fields = 4, .by_name = order_225, .by_wire = wire_225, .n_by_wire = 4},
    [226] = {.name = "io.k8s.api.core.v1.DownwardAPIVolumeSource", .doc = "A volume whose files hold facts about the pod.", .fields = fields_226, .n_fields = 2, .by_name = order_226, .by_wire = wire_226, .n_by_wire = 2},
    [227] = {.name = "io.k8s.api.core.v1.EmptyDirVolumeSource", .doc = "A folder that is empty when the pod starts and goes with it.", .fields = fields_227, .n_fields = 2, .by_name = order_227, .by_wire = wire_227, .n_by_wire = 2},
    [228] = {.name = "io.k8s.api.core.v1.EndpointAddress", .doc = "An address behind a service.", .fields = fields_228, .n_fields = 4, .by_name = order_228, .by_wire = wire_228, .n_by_wire = 4, .is_map_atomic = true},
    [229] = {.name = "io.k8s.api.core.v1.EndpointPort", .doc = "A port behind a service.", .fields = fields_229, .n_fields = 4, .by_name = order_229, .by_wire = wire_229, .n_by_wire = 4, .is_map_atomic = true},
    [230] = {.name = "io.k8s.api.core.v1.EndpointSubset", .doc = "Addresses that all have the same ports.", .fields = fields_230, .n_fields = 3, .by_name = order_230, .by_wire = wire_230, .n_by_wire = 3},
    [231] = {.name = "io.k8s.api.core.v1.Endpoints", .doc = "The addresses behind a service. EndpointSlice is what replaces it.", .fields = fields_231, .n_fields = 4, .by_name = order_231, .by_wire = wire_231, .n_by_wire = 2},
    [232] = {.name = "io.k8s.api.core.v1.EnvFromSource", .doc = "A config map or secret whose entries become environment variables.", .fields = fields_232, .n_fields = 3, .by_name = order_232, .by_wire = wire_232, .n_by_wire = 3},
    [233] = {.name = "io.k8s.api.core.v1.EnvVar", .doc = "An environment variable.", .fields = fields_233, .n_fields = 3, .by_name = order_233, .by_wire = wire_233, .n_by_wire = 3},
    [234] = {.name = "io.k8s.api.core.v1.EnvVarSource", .doc = "Where the value of an environment variable comes from; one of them.", .fields = fields_234, .n_fields = 5, .by_name = order_234, .by_wire = wire_234, .n_by_wire = 5},
    [235] = {.name = "io.k8s.api.core.v1.EphemeralContainer", .doc = "A container that is added to a running pod to look into it.", .fields = fields_235, .n_fields = 26, .by_name = order_235, .by_wire = wire_235, .n_by_wire = 26},
    [236] = {.name = "io.k8s.api.core.v1.EphemeralVolumeSource", .doc = "A volume that is made for the pod from a claim and goes with it.", .fields = fields_236, .n_fields = 1, .by_name = order_236, .by_wire = wire_236, .n_by_wire = 1},
    [237] = {.name = "io.k8s.api.core.v1.Event", .doc = "Something that happened to an object, told for people. Events go away after a while.", .fields = fields_237, .n_fields = 17, .by_name = order_237, .by_wire = wire_237, .n_by_wire = 15},
    [238] = {.name = "io.k8s.api.core.v1.EventSeries", .doc = "Events of one kind that keep happening.", .fields = fields_238, .n_fields = 2, .by_name = order_238, .by_wire = wire_238, .n_by_wire = 2},
    [239] = {.name = "io.k8s.api.core.v1.EventSource", .doc = "Who reports an event.", .fields = fields_239, .n_fields = 2, .by_name = order_239, .by_wire = wire_239, .n_by_wire = 2},
    [240] = {.name = "io.k8s.api.core.v1.ExecAction", .doc = "A command that runs inside the container; exit status 0 is success.", .fields = fields_240, .n_fields = 1, .by_name = order_240, .by_wire = wire_240, .n_by_wire = 1},
    [241] = {.name = "io.k8s.api.core.v1.FCVolumeSource", .fields = fields_241, .n_fields = 5, .by_name = order_241, .by_wire = wire_241, .n_by_wire = 5},
    [242] = {.name = "io.k8s.api.core.v1.FileKeySelector", .fields = fields_242, .n_fields = 4, .by_name = order_242, .by_wire = wire_242, .n_by_wire = 4, .is_map_atomic = true},
    [243] = {.name = "io.k8s.api.core.v1.FlexPersistentVolumeSource", .fields = fields_243, .n_fields = 5, .by_name = order_243, .by_wire = wire_243, .n_by_wire = 5},
    [244] = {.name = "io.k8s.api.core.v1.FlexVolumeSource", .fields = fields_244, .n_fields = 5, .by_name = order_244, .by_wire = wire_244, .n_by_wire = 5},
    [245] = {.name = "io.k8s.api.core.v1.FlockerVolumeSource", .fields = fields_245, .n_fields = 2, .by_name = order_245, .by_wire = wire_245, .n_by_wire = 2},
    [246] = {.name = "io.k8s.api.core.v1.GCEPersistentDiskVolumeSource", .fields = fields_246, .n_fields = 4, .by_name = order_246, .by_wire = wire_246, .n_by_wire = 4},
    [247] = {.name = "io.k8s.api.core.v1.GRPCAction", .doc = "A call of the gRPC health service.", .fields = fields_247, .n_fields = 2, .by_name = order_247, .by_wire = wire_247, .n_by_wire = 2},
    [248] = {.name = "io.k8s.api.core.v1.GitRepoVolumeSource", .fields = fields_248, .n_fields = 3, .by_name = order_248, .by_wire = wire_248, .n_by_wire = 3},
    [249] = {.name = "io.k8s.api.core.v1.GlusterfsPersistentVolumeSource", .fields = fields_249, .n_fields = 4, .by_name = order_249, .by_wire = wire_249, .n_by_wire = 4},
    [250] = {.name = "io.k8s.api.core.v1.GlusterfsVolumeSource", .fields = fields_250, .n_fields = 3, .by_name = order_250, .by_wire = wire_250, .n_by_wire = 3},
    [251] = {.name = "io.k8s.api.core.v1.HTTPGetAction", .doc = "An HTTP GET; any status from 200 to 399 is success.", .fields = fields_251, .n_fields = 5, .by_name = order_251, .by_wire = wire_251, .n_by_wire = 5},
    [252] = {.name = "io.k8s.api.core.v1.HTTPHeader", .doc = "A header of a request.", .fields = fields_252, .n_fields = 2, .by_name = order_252, .by_wire = wire_252, .n_by_wire = 2},
    [253] = {.name = "io.k8s.api.core.v1.HostAlias", .doc = "A line of the pod's hosts file.", .fields = fields_253, .n_fields = 2, .by_name = order_253, .by_wire = wire_253, .n_by_wire = 2},
    [254] = {.name = "io.k8s.api.core.v1.HostIP", .doc = "An address of a node.", .fields = fields_254, .n_fields = 1, .by_name = order_254, .by_wire = wire_254, .n_by_wire = 1},
    [255] = {.name = "io.k8s.api.core.v1.HostPathVolumeSource", .doc = "A file or folder of the node. It gives a pod power over the node.", .fields = fields_255, .n_fields = 2, .by_name = order_255, .by_wire = wire_255, .n_by_wire = 2},
    [256] = {.name = "io.k8s.api.core.v1.ISCSIPersistentVolumeSource", .fields = fields_256, .n_fields = 11, .by_name = order_256, .by_wire = wire_256, .n_by_wire = 11},
    [257] = {.name = "io.k8s.api.core.v1.ISCSIVolumeSource", .fields = fields_257, .n_fields = 11, .by_name = order_257, .by_wire = wire_257, .n_by_wire = 11},
    [258] = {.name = "io.k8s.api.core.v1.ImageVolumeSource", .doc = "A volume with the files of an image.", .fields = fields_258, .n_fields = 2, .by_name = order_258, .by_wire = wire_258, .n_by_wire = 2},
    [259] = {.name = "io.k8s.api.core.v1.ImageVolumeStatus", .fields = fields_259, .n_fields = 1, .by_name = order_259, .by_wire = wire_259, .n_by_wire = 1},
    [260] = {.name = "io.k8s.api.core.v1.KeyToPath", .doc = "Which entry becomes which file.", .fields = fields_260, .n_fields = 3, .by_name = order_260, .by_wire = wire_260, .n_by_wire = 3},
    [261] = {.name = "io.k8s.api.core.v1.Lifecycle", .doc = "What to do when a container starts and before it is stopped.", .fields = fields_261, .n_fields = 3, .by_name = order_261, .by_wire = wire_261, .n_by_wire = 3},
    [262] = {.name = "io.k8s.api.core.v1.LifecycleHandler", .doc = "One action; one of them is set.", .fields = fields_262, .n_fields = 4, .by_name = order_262, .by_wire = wire_262, .n_by_wire = 4},
    [263] = {.name = "io.k8s.api.core.v1.LimitRange", .doc = "Smallest, largest and default sizes of what a namespace may hold.", .fields = fields_263, .n_fields = 4, .by_name = order_263, .by_wire = wire_263, .n_by_wire = 2},
    [264] = {.name = "io.k8s.api.core.v1.LimitRangeItem", .doc = "Limits for one type of object.", .fields = fields_264, .n_fields = 6, .by_name = order_264, .by_wire = wire_264, .n_by_wire = 6},
    [265] = {.name = "io.k8s.api.core.v1.LimitRangeSpec", .doc = "A list of limits.", .fields = fields_265, .n_fields = 1, .by_name = order_265, .by_wire = wire_265, .n_by_wire = 1},
    [266] = {.name = "io.k8s.api.core.v1.LinuxContainerUser", .fields = fields_266, .n_fields = 3, .by_name = order_266, .by_wire = wire_266, .n_by_wire = 3},
    [267] = {.name = "io.k8s.api.core.v1.LoadBalancerIngress", .doc = "Where a load balancer takes traffic.", .fields = fields_267, .n_fields = 4, .by_name = order_267, .by_wire = wire_267, .n_by_wire = 4},
    [268] = {.name = "io.k8s.api.core.v1.LoadBalancerStatus", .doc = "State of a load balancer.", .fields = fields_268, .n_fields = 1, .by_name = order_268, .by_wire = wire_268, .n_by_wire = 1},
    [269] = {.name = "io.k8s.api.core.v1.LocalObjectReference", .doc = "Names an object in the same namespace.", .fields = fields_269, .n_fields = 1, .by_name = order_269, .by_wire = wire_269, .n_by_wire = 1, .is_map_atomic = true},
    [270] = {.name = "io.k8s.api.core.v1.LocalVolumeSource", .doc = "A disk or folder of one node.", .fields = fields_270, .n_fields = 2, .by_name = order_270, .by_wire = wire_270, .n_by_wire = 2},
    [271] = {.name = "io.k8s.api.core.v1.ModifyVolumeStatus", .fields = fields_271, .n_fields = 2, .by_name = order_271, .by_wire = wire_271, .n_by_wire = 2},
    [272] = {.name = "io.k8s.api.core.v1.NFSVolumeSource", .doc = "A folder of an NFS server.", .fields = fields_272, .n_fields = 3, .by_name = order_272, .by_wire = wire_272, .n_by_wire = 3},
    [273] = {.name = "io.k8s.api.core.v1.Namespace", .doc = "A space for names; most kinds of objects live in one.", .fields = fields_273, .n_fields = 5, .by_name = order_273, .by_wire = wire_273, .n_by_wire = 3},
    [274] = {.name = "io.k8s.api.core.v1.NamespaceCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_274, .n_fields = 5, .by_name = order_274, .by_wire = wire_274, .n_by_wire = 5},
    [275] = {.name = "io.k8s.api.core.v1.NamespaceSpec", .doc = "What is wanted of a namespace.", .fields = fields_275, .n_fields = 1, .by_name = order_275, .by_wire = wire_275, .n_by_wire = 1},
    [276] = {.name = "io.k8s.api.core.v1.NamespaceStatus", .doc = "State of a namespace.", .fields = fields_276, .n_fields = 2, .by_name = order_276, .by_wire = wire_276, .n_by_wire = 2},
    [277] = {.name = "io.k8s.api.core.v1.Node", .doc = "A machine that runs pods.", .fields = fields_277, .n_fields = 5, .by_name = order_277, .by_wire = wire_277, .n_by_wire = 3},
    [278] = {.name = "io.k8s.api.core.v1.NodeAddress", .doc = "An address of a node.", .fields = fields_278, .n_fields = 2, .by_name = order_278, .by_wire = wire_278, .n_by_wire = 2},
    [279] = {.name = "io.k8s.api.core.v1.NodeAffinity", .doc = "Rules on the labels of nodes.", .fields = fields_279, .n_fields = 2, .by_name = order_279, .by_wire = wire_279, .n_by_wire = 2},
    [280] = {.name = "io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus", .fields = fields_280, .n_fields = 3, .by_name = order_280, .by_wire = wire_280, .n_by_wire = 3},
    [281] = {.name = "io.k8s.api.core.v1.NodeCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_281, .n_fields = 6, .by_name = order_281, .by_wire = wire_281, .n_by_wire = 6},
    [282] = {.name = "io.k8s.api.core.v1.NodeConfigSource", .fields = fields_282, .n_fields = 1, .by_name = order_282, .by_wire = wire_282, .n_by_wire = 1},
    [283] = {.name = "io.k8s.api.core.v1.NodeConfigStatus", .fields = fields_283, .n_fields = 4, .by_name = order_283, .by_wire = wire_283, .n_by_wire = 4},
    [284] = {.name = "io.k8s.api.core.v1.NodeDaemonEndpoints", .fields = fields_284, .n_fields = 1, .by_name = order_284, .by_wire = wire_284, .n_by_wire = 1},
    [285] = {.name = "io.k8s.api.core.v1.NodeFeatures", .fields = fields_285, .n_fields = 1, .by_name = order_285, .by_wire = wire_285, .n_by_wire = 1},
    [286] = {.name = "io.k8s.api.core.v1.NodeRuntimeHandler", .fields = fields_286, .n_fields = 2, .by_name = order_286, .by_wire = wire_286, .n_by_wire = 2},
    [287] = {.name = "io.k8s.api.core.v1.NodeRuntimeHandlerFeatures", .fields = fields_287, .n_fields = 2, .by_name = order_287, .by_wire = wire_287, .n_by_wire = 2},
    [288] = {.name = "io.k8s.api.core.v1.NodeSelector", .doc = "Chooses nodes; one of its terms must hold.", .fields = fields_288, .n_fields = 1, .by_name = order_288, .by_wire = wire_288, .n_by_wire = 1, .is_map_atomic = true},
    [289] = {.name = "io.k8s.api.core.v1.NodeSelectorRequirement", .doc = "A condition on a label or field of a node.", .fields = fields_289, .n_fields = 3, .by_name = order_289, .by_wire = wire_289, .n_by_wire = 3},
    [290] = {.name = "io.k8s.api.core.v1.NodeSelectorTerm", .doc = "Requirements on a node, all of which must hold.", .fields = fields_290, .n_fields = 2, .by_name = order_290, .by_wire = wire_290, .n_by_wire = 2, .is_map_atomic = true},
    [291] = {.name = "io.k8s.api.core.v1.NodeSpec", .doc = "How a node is to be used.", .fields = fields_291, .n_fields = 7, .by_name = order_291, .by_wire = wire_291, .n_by_wire = 7},
    [292] = {.name = "io.k8s.api.core.v1.NodeStatus", .doc = "What a node has and how it does.", .fields = fields_292, .n_fields = 14, .by_name = order_292, .by_wire = wire_292, .n_by_wire = 14},
    [293] = {.name = "io.k8s.api.core.v1.NodeSwapStatus", .fields = fields_293, .n_fields = 1, .by_name = order_293, .by_wire = wire_293, .n_by_wire = 1},
    [294] = {.name = "io.k8s.api.core.v1.NodeSystemInfo", .doc = "System and versions of a node.", .fields = fields_294, .n_fields = 11, .by_name = order_294, .by_wire = wire_294, .n_by_wire = 11},
    [295] = {.name = "io.k8s.api.core.v1.ObjectFieldSelector", .doc = "A field of the pod.", .fields = fields_295, .n_fields = 2, .by_name = order_295, .by_wire = wire_295, .n_by_wire = 2, .is_map_atomic = true},
    [296] = {.name = "io.k8s.api.core.v1.ObjectReference", .doc = "Names an object, or a part of one.", .fields = fields_296, .n_fields = 7, .by_name = order_296, .by_wire = wire_296, .n_by_wire = 7, .is_map_atomic = true},
    [297] = {.name = "io.k8s.api.core.v1.PersistentVolume", .doc = "A piece of storage of the cluster, to be claimed.", .fields = fields_297, .n_fields = 5, .by_name = order_297, .by_wire = wire_297, .n_by_wire = 3},
    [298] = {.name = "io.k8s.api.core.v1.PersistentVolumeClaim", .doc = "A wish for storage; pods name it as a volume.", .fields = fields_298, .n_fields = 5, .by_name = order_298, .by_wire = wire_298, .n_by_wire = 3},
    [299] = {.name = "io.k8s.api.core.v1.PersistentVolumeClaimCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_299, .n_fields = 6, .by_name = order_299, .by_wire = wire_299, .n_by_wire = 6},
    [300] = {.name = "io.k8s.api.core.v1.PersistentVolumeClaimSpec", .doc = "What storage is wished for.", .fields = fields_300, .n_fields = 9, .by_name = order_300, .by_wire = wire_300, .n_by_wire = 9},
    [301] = {.name = "io.k8s.api.core.v1.PersistentVolumeClaimStatus", .doc = "What became of a claim.", .fields = fields_301, .n_fields = 8, .by_name = order_301, .by_wire = wire_301, .n_by_wire = 8},
    [302] = {.name = "io.k8s.api.core.v1.PersistentVolumeClaimTemplate", .doc = "A claim to be made for a pod.", .fields = fields_302, .n_fields = 2, .by_name = order_302, .by_wire = wire_302, .n_by_wire = 2},
    [303] = {.name = "io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource", .doc = "A volume that a claim stands for.", .fields = fields_303, .n_fields = 2, .by_name = order_303, .by_wire = wire_303, .n_by_wire = 2},
    [304] = {.name = "io.k8s.api.core.v1.PersistentVolumeSpec", .doc = "What a volume is, and how it may be used.", .fields = fields_304, .n_fields = 31, .by_name = order_304, .by_wire = wire_304, .n_by_wire = 31},
    [305] = {.name = "io.k8s.api.core.v1.PersistentVolumeStatus", .doc = "What became of a volume.", .fields = fields_305, .n_fields = 4, .by_name = order_305, .by_wire = wire_305, .n_by_wire = 4},
    [306] = {.name = "io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource", .fields = fields_306, .n_fields = 2, .by_name = order_306, .by_wire = wire_306, .n_by_wire = 2},
    [307] = {.name = "io.k8s.api.core.v1.Pod", .doc = "Containers that run together on one node and share network and volumes.", .fields = fields_307, .n_fields = 5, .by_name = order_307, .by_wire = wire_307, .n_by_wire = 3},
    [308] = {.name = "io.k8s.api.core.v1.PodAffinity", .doc = "Rules that want a pod near other pods.", .fields = fields_308, .n_fields = 2, .by_name = order_308, .by_wire = wire_308, .n_by_wire = 2},
    [309] = {.name = "io.k8s.api.core.v1.PodAffinityTerm", .doc = "Which pods, and what counts as near.", .fields = fields_309, .n_fields = 6, .by_name = order_309, .by_wire = wire_309, .n_by_wire = 6},
    [310] = {.name = "io.k8s.api.core.v1.PodAntiAffinity", .doc = "Rules that want a pod away from other pods.", .fields = fields_310, .n_fields = 2, .by_name = order_310, .by_wire = wire_310, .n_by_wire = 2},
    [311] = {.name = "io.k8s.api.core.v1.PodCertificateProjection", .fields = fields_311, .n_fields = 7, .by_name = order_311, .by_wire = wire_311, .n_by_wire = 7},
    [312] = {.name = "io.k8s.api.core.v1.PodCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_312, .n_fields = 7, .by_name = order_312, .by_wire = wire_312, .n_by_wire = 7},
    [313] = {.name = "io.k8s.api.core.v1.PodDNSConfig", .doc = "Settings of the pod's resolver, beside those of dnsPolicy.", .fields = fields_313, .n_fields = 3, .by_name = order_313, .by_wire = wire_313, .n_by_wire = 3},
    [314] = {.name = "io.k8s.api.core.v1.PodDNSConfigOption", .doc = "An option of the resolver.", .fields = fields_314, .n_fields = 2, .by_name = order_314, .by_wire = wire_314, .n_by_wire = 2},
    [315] = {.name = "io.k8s.api.core.v1.PodExtendedResourceClaimStatus", .fields = fields_315, .n_fields = 2, .by_name = order_315, .by_wire = wire_315, .n_by_wire = 2},
    [316] = {.name = "io.k8s.api.core.v1.PodIP", .doc = "An address of a pod.", .fields = fields_316, .n_fields = 1, .by_name = order_316, .by_wire = wire_316, .n_by_wire = 1},
    [317] = {.name = "io.k8s.api.core.v1.PodOS", .doc = "The operating system of a pod.", .fields = fields_317, .n_fields = 1, .by_name = order_317, .by_wire = wire_317, .n_by_wire = 1},
    [318] = {.name = "io.k8s.api.core.v1.PodReadinessGate", .doc = "A condition that must be True for the pod to be ready.", .fields = fields_318, .n_fields = 1, .by_name = order_318, .by_wire = wire_318, .n_by_wire = 1},
    [319] = {.name = "io.k8s.api.core.v1.PodResourceClaim", .fields = fields_319, .n_fields = 3, .by_name = order_319, .by_wire = wire_319, .n_by_wire = 3},
    [320] = {.name = "io.k8s.api.core.v1.PodResourceClaimStatus", .fields = fields_320, .n_fields = 2, .by_name = order_320, .by_wire = wire_320, .n_by_wire = 2},
    [321] = {.name = "io.k8s.api.core.v1.PodSchedulingGate", .doc = "Keeps a pod from being scheduled until it is taken away.", .fields = fields_321, .n_fields = 1, .by_name = order_321, .by_wire = wire_321, .n_by_wire = 1},
    [322] = {.name = "io.k8s.api.core.v1.PodSchedulingGroup", .fields = fields_322, .n_fields = 1, .by_name = order_322, .by_wire = wire_322, .n_by_wire = 1},
    [323] = {.name = "io.k8s.api.core.v1.PodSecurityContext", .doc = "User, groups and confinement of all containers of a pod.", .fields = fields_323, .n_fields = 13, .by_name = order_323, .by_wire = wire_323, .n_by_wire = 13},
    [324] = {.name = "io.k8s.api.core.v1.PodSpec", .doc = "The containers of a pod and how they are to run.", .fields = fields_324, .n_fields = 42, .by_name = order_324, .by_wire = wire_324, .n_by_wire = 42},
    [325] = {.name = "io.k8s.api.core.v1.PodStatus", .doc = "Where a pod runs and how it does.", .fields = fields_325, .n_fields = 21, .by_name = order_325, .by_wire = wire_325, .n_by_wire = 21},
    [326] = {.name = "io.k8s.api.core.v1.PodTemplate", .doc = "A stored description of pods.", .fields = fields_326, .n_fields = 4, .by_name = order_326, .by_wire = wire_326, .n_by_wire = 2},
    [327] = {.name = "io.k8s.api.core.v1.PodTemplateSpec", .doc = "The pods that a controller makes.", .fields = fields_327, .n_fields = 2, .by_name = order_327, .by_wire = wire_327, .n_by_wire = 2},
    [328] = {.name = "io.k8s.api.core.v1.PortStatus", .fields = fields_328, .n_fields = 3, .by_name = order_328, .by_wire = wire_328, .n_by_wire = 3},
    [329] = {.name = "io.k8s.api.core.v1.PortworxVolumeSource", .fields = fields_329, .n_fields = 3, .by_name = order_329, .by_wire = wire_329, .n_by_wire = 3},
    [330] = {.name = "io.k8s.api.core.v1.PreferredSchedulingTerm", .doc = "A preference with a weight.", .fields = fields_330, .n_fields = 2, .by_name = order_330, .by_wire = wire_330, .n_by_wire = 2},
    [331] = {.name = "io.k8s.api.core.v1.Probe", .doc = "A check that is made on a container again and again.", .fields = fields_331, .n_fields = 10, .by_name = order_331, .by_wire = wire_331, .n_by_wire = 10},
    [332] = {.name = "io.k8s.api.core.v1.ProjectedVolumeSource", .doc = "A volume that puts several sources into one folder.", .fields = fields_332, .n_fields = 2, .by_name = order_332, .by_wire = wire_332, .n_by_wire = 2},
    [333] = {.name = "io.k8s.api.core.v1.QuobyteVolumeSource", .fields = fields_333, .n_fields = 6, .by_name = order_333, .by_wire = wire_333, .n_by_wire = 6},
    [334] = {.name = "io.k8s.api.core.v1.RBDPersistentVolumeSource", .fields = fields_334, .n_fields = 8, .by_name = order_334, .by_wire = wire_334, .n_by_wire = 8},
    [335] = {.name = "io.k8s.api.core.v1.RBDVolumeSource", .fields = fields_335, .n_fields = 8, .by_name = order_335, .by_wire = wire_335, .n_by_wire = 8},
    [336] = {.name = "io.k8s.api.core.v1.ReplicationController", .doc = "Keeps a number of pods running. Deployments are what replaces it.", .fields = fields_336, .n_fields = 5, .by_name = order_336, .by_wire = wire_336, .n_by_wire = 3},
    [337] = {.name = "io.k8s.api.core.v1.ReplicationControllerCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_337, .n_fields = 5, .by_name = order_337, .by_wire = wire_337, .n_by_wire = 5},
    [338] = {.name = "io.k8s.api.core.v1.ReplicationControllerSpec", .doc = "What a replication controller keeps running.", .fields = fields_338, .n_fields = 4, .by_name = order_338, .by_wire = wire_338, .n_by_wire = 4},
    [339] = {.name = "io.k8s.api.core.v1.ReplicationControllerStatus", .doc = "How many pods there are.", .fields = fields_339, .n_fields = 6, .by_name = order_339, .by_wire = wire_339, .n_by_wire = 6},
    [340] = {.name = "io.k8s.api.core.v1.ResourceClaim", .doc = "A device claim of the pod that the container uses.", .fields = fields_340, .n_fields = 2, .by_name = order_340, .by_wire = wire_340, .n_by_wire = 2},
    [341] = {.name = "io.k8s.api.core.v1.ResourceFieldSelector", .doc = "A limit or request of a container.", .fields = fields_341, .n_fields = 3, .by_name = order_341, .by_wire = wire_341, .n_by_wire = 3, .is_map_atomic = true},
    [342] = {.name = "io.k8s.api.core.v1.ResourceHealth", .fields = fields_342, .n_fields = 3, .by_name = order_342, .by_wire = wire_342, .n_by_wire = 3},
    [343] = {.name = "io.k8s.api.core.v1.ResourceQuota", .doc = "The most that a namespace may hold and use.", .fields = fields_343, .n_fields = 5, .by_name = order_343, .by_wire = wire_343, .n_by_wire = 3},
    [344] = {.name = "io.k8s.api.core.v1.ResourceQuotaSpec", .doc = "What is limited.", .fields = fields_344, .n_fields = 3, .by_name = order_344, .by_wire = wire_344, .n_by_wire = 3},
    [345] = {.name = "io.k8s.api.core.v1.ResourceQuotaStatus", .doc = "What is limited and used.", .fields = fields_345, .n_fields = 2, .by_name = order_345, .by_wire = wire_345, .n_by_wire = 2},
    [346] = {.name = "io.k8s.api.core.v1.ResourceRequirements", .doc = "What a container asks for, and the most it may use.", .fields = fields_346, .n_fields = 3, .by_name = order_346, .by_wire = wire_346, .n_by_wire = 3},
    [347] = {.name = "io.k8s.api.core.v1.ResourceStatus", .fields = fields_347, .n_fields = 2, .by_name = order_347, .by_wire = wire_347, .n_by_wire = 2},
    [348] = {.name = "io.k8s.api.core.v1.SELinuxOptions", .doc = "An SELinux label.", .fields = fields_348, .n_fields = 4, .by_name = order_348, .by_wire = wire_348, .n_by_wire = 4},
    [349] = {.name = "io.k8s.api.core.v1.ScaleIOPersistentVolumeSource", .fields = fields_349, .n_fields = 10, .by_name = order_349, .by_wire = wire_349, .n_by_wire = 10},
    [350] = {.name = "io.k8s.api.core.v1.ScaleIOVolumeSource", .fields = fields_350, .n_fields = 10, .by_name = order_350, .by_wire = wire_350, .n_by_wire = 10},
    [351] = {.name = "io.k8s.api.core.v1.ScopeSelector", .doc = "Chooses objects by scope.", .fields = fields_351, .n_fields = 1, .by_name = order_351, .by_wire = wire_351, .n_by_wire = 1, .is_map_atomic = true},
    [352] = {.name = "io.k8s.api.core.v1.ScopedResourceSelectorRequirement", .doc = "A requirement on a scope.", .fields = fields_352, .n_fields = 3, .by_name = order_352, .by_wire = wire_352, .n_by_wire = 3},
    [353] = {.name = "io.k8s.api.core.v1.SeccompProfile", .doc = "Which system calls are allowed.", .fields = fields_353, .n_fields = 2, .by_name = order_353, .by_wire = wire_353, .n_by_wire = 2},
    [354] = {.name = "io.k8s.api.core.v1.Secret", .doc = "Passwords, keys and the like, for pods to read.", .fields = fields_354, .n_fields = 7, .by_name = order_354, .by_wire = wire_354, .n_by_wire = 5},
    [355] = {.name = "io.k8s.api.core.v1.SecretEnvSource", .doc = "All entries of a secret as environment variables.", .fields = fields_355, .n_fields = 2, .by_name = order_355, .by_wire = wire_355, .n_by_wire = 2},
    [356] = {.name = "io.k8s.api.core.v1.SecretKeySelector", .doc = "One entry of a secret.", .fields = fields_356, .n_fields = 3, .by_name = order_356, .by_wire = wire_356, .n_by_wire = 3, .is_map_atomic = true},
    [357] = {.name = "io.k8s.api.core.v1.SecretProjection", .doc = "Entries of a secret as files in a projected volume.", .fields = fields_357, .n_fields = 3, .by_name = order_357, .by_wire = wire_357, .n_by_wire = 3},
    [358] = {.name = "io.k8s.api.core.v1.SecretReference", .doc = "Names a secret.", .fields = fields_358, .n_fields = 2, .by_name = order_358, .by_wire = wire_358, .n_by_wire = 2, .is_map_atomic = true},
    [359] = {.name = "io.k8s.api.core.v1.SecretVolumeSource", .doc = "A volume whose files are the entries of a secret.", .fields = fields_359, .n_fields = 4, .by_name = order_359, .by_wire = wire_359, .n_by_wire = 4},
    [360] = {.name = "io.k8s.api.core.v1.SecurityContext", .doc = "User, capabilities and what else confines a container.", .fields = fields_360, .n_fields = 12, .by_name = order_360, .by_wire = wire_360, .n_by_wire = 12},
    [361] = {.name = "io.k8s.api.core.v1.Service", .doc = "One address for a set of pods.", .fields = fields_361, .n_fields = 5, .by_name = order_361, .by_wire = wire_361, .n_by_wire = 3},
    [362] = {.name = "io.k8s.api.core.v1.ServiceAccount", .doc = "An identity for programs in pods.", .fields = fields_362, .n_fields = 6, .by_name = order_362, .by_wire = wire_362, .n_by_wire = 4},
    [363] = {.name = "io.k8s.api.core.v1.ServiceAccountTokenProjection", .doc = "A token of the pod's account as a file, renewed before it expires.", .fields = fields_363, .n_fields = 3, .by_name = order_363, .by_wire = wire_363, .n_by_wire = 3},
    [364] = {.name = "io.k8s.api.core.v1.ServicePort", .doc = "A port of a service.", .fields = fields_364, .n_fields = 6, .by_name = order_364, .by_wire = wire_364, .n_by_wire = 6},
    [365] = {.name = "io.k8s.api.core.v1.ServiceSpec", .doc = "Which pods a service leads to, and from where.", .fields = fields_365, .n_fields = 20, .by_name = order_365, .by_wire = wire_365, .n_by_wire = 20},
    [366] = {.name = "io.k8s.api.core.v1.ServiceStatus", .doc = "State of a service.", .fields = fields_366, .n_fields = 2, .by_name = order_366, .by_wire = wire_366, .n_by_wire = 2},
    [367] = {.name = "io.k8s.api.core.v1.SessionAffinityConfig", .doc = "How clients are kept with one pod.", .fields = fields_367, .n_fields = 1, .by_name = order_367, .by_wire = wire_367, .n_by_wire = 1},
    [368] = {.name = "io.k8s.api.core.v1.SleepAction", .doc = "A wait.", .fields = fields_368, .n_fields = 1, .by_name = order_368, .by_wire = wire_368, .n_by_wire = 1},
    [369] = {.name = "io.k8s.api.core.v1.StorageOSPersistentVolumeSource", .fields = fields_369, .n_fields = 5, .by_name = order_369, .by_wire = wire_369, .n_by_wire = 5},
    [370] = {.name = "io.k8s.api.core.v1.StorageOSVolumeSource", .fields = fields_370, .n_fields = 5, .by_name = order_370, .by_wire = wire_370, .n_by_wire = 5},
    [371] = {.name = "io.k8s.api.core.v1.Sysctl", .doc = "A setting of the kernel.", .fields = fields_371, .n_fields = 2, .by_name = order_371, .by_wire = wire_371, .n_by_wire = 2},
    [372] = {.name = "io.k8s.api.core.v1.TCPSocketAction", .doc = "A connection that must open.", .fields = fields_372, .n_fields = 2, .by_name = order_372, .by_wire = wire_372, .n_by_wire = 2},
    [373] = {.name = "io.k8s.api.core.v1.Taint", .doc = "A mark on a node that keeps pods away which do not tolerate it.", .fields = fields_373, .n_fields = 4, .by_name = order_373, .by_wire = wire_373, .n_by_wire = 4},
    [374] = {.name = "io.k8s.api.core.v1.Toleration", .doc = "A taint that a pod bears with.", .fields = fields_374, .n_fields = 5, .by_name = order_374, .by_wire = wire_374, .n_by_wire = 5},
    [375] = {.name = "io.k8s.api.core.v1.TopologySelectorLabelRequirement", .fields = fields_375, .n_fields = 2, .by_name = order_375, .by_wire = wire_375, .n_by_wire = 2},
    [376] = {.name = "io.k8s.api.core.v1.TopologySelectorTerm", .fields = fields_376, .n_fields = 1, .by_name = order_376, .by_wire = wire_376, .n_by_wire = 1, .is_map_atomic = true},
    [377] = {.name = "io.k8s.api.core.v1.TopologySpreadConstraint", .doc = "How evenly pods spread over places.", .fields = fields_377, .n_fields = 8, .by_name = order_377, .by_wire = wire_377, .n_by_wire = 8},
    [378] = {.name = "io.k8s.api.core.v1.TypedLocalObjectReference", .doc = "Names an object of any kind in the same namespace.", .fields = fields_378, .n_fields = 3, .by_name = order_378, .by_wire = wire_378, .n_by_wire = 3, .is_map_atomic = true},
    [379] = {.name = "io.k8s.api.core.v1.TypedObjectReference", .doc = "Names an object of any kind.", .fields = fields_379, .n_fields = 4, .by_name = order_379, .by_wire = wire_379, .n_by_wire = 4},
    [380] = {.name = "io.k8s.api.core.v1.Volume", .doc = "Something that the containers of a pod can mount; one source is set.", .fields = fields_380, .n_fields = 31, .by_name = order_380, .by_wire = wire_380, .n_by_wire = 31},
    [381] = {.name = "io.k8s.api.core.v1.VolumeDevice", .doc = "A block volume as a device.", .fields = fields_381, .n_fields = 2, .by_name = order_381, .by_wire = wire_381, .n_by_wire = 2},
    [382] = {.name = "io.k8s.api.core.v1.VolumeMount", .doc = "Where a volume appears in a container's files.", .fields = fields_382, .n_fields = 7, .by_name = order_382, .by_wire = wire_382, .n_by_wire = 7},
    [383] = {.name = "io.k8s.api.core.v1.VolumeMountStatus", .fields = fields_383, .n_fields = 5, .by_name = order_383, .by_wire = wire_383, .n_by_wire = 5},
    [384] = {.name = "io.k8s.api.core.v1.VolumeNodeAffinity", .doc = "Nodes that can reach a volume.", .fields = fields_384, .n_fields = 1, .by_name = order_384, .by_wire = wire_384, .n_by_wire = 1},
    [385] = {.name = "io.k8s.api.core.v1.VolumeProjection", .doc = "One source of a projected volume.", .fields = fields_385, .n_fields = 6, .by_name = order_385, .by_wire = wire_385, .n_by_wire = 6},
    [386] = {.name = "io.k8s.api.core.v1.VolumeResourceRequirements", .doc = "How much storage.", .fields = fields_386, .n_fields = 2, .by_name = order_386, .by_wire = wire_386, .n_by_wire = 2},
    [387] = {.name = "io.k8s.api.core.v1.VolumeStatus", .fields = fields_387, .n_fields = 1, .by_name = order_387, .by_wire = wire_387, .n_by_wire = 1},
    [388] = {.name = "io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource", .fields = fields_388, .n_fields = 4, .by_name = order_388, .by_wire = wire_388, .n_by_wire = 4},
    [389] = {.name = "io.k8s.api.core.v1.WeightedPodAffinityTerm", .doc = "A term with a weight.", .fields = fields_389, .n_fields = 2, .by_name = order_389, .by_wire = wire_389, .n_by_wire = 2},
    [390] = {.name = "io.k8s.api.core.v1.WindowsSecurityContextOptions", .fields = fields_390, .n_fields = 4, .by_name = order_390, .by_wire = wire_390, .n_by_wire = 4},
    [391] = {.name = "io.k8s.api.discovery.v1.Endpoint", .doc = "An endpoint behind a service.", .fields = fields_391, .n_fields = 8, .by_name = order_391, .by_wire = wire_391, .n_by_wire = 8},
    [392] = {.name = "io.k8s.api.discovery.v1.EndpointConditions", .doc = "Whether an endpoint takes traffic.", .fields = fields_392, .n_fields = 3, .by_name = order_392, .by_wire = wire_392, .n_by_wire = 3},
    [393] = {.name = "io.k8s.api.discovery.v1.EndpointHints", .doc = "For whom an endpoint is best.", .fields = fields_393, .n_fields = 2, .by_name = order_393, .by_wire = wire_393, .n_by_wire = 2},
    [394] = {.name = "io.k8s.api.discovery.v1.EndpointPort", .doc = "A port of all endpoints of a slice.", .fields = fields_394, .n_fields = 4, .by_name = order_394, .by_wire = wire_394, .n_by_wire = 4, .is_map_atomic = true},
    [395] = {.name = "io.k8s.api.discovery.v1.EndpointSlice", .doc = "A part of the endpoints behind a service.", .fields = fields_395, .n_fields = 6, .by_name = order_395, .by_wire = wire_395, .n_by_wire = 4},
    [396] = {.name = "io.k8s.api.discovery.v1.ForNode", .fields = fields_396, .n_fields = 1, .by_name = order_396, .by_wire = wire_396, .n_by_wire = 1},
    [397] = {.name = "io.k8s.api.discovery.v1.ForZone", .fields = fields_397, .n_fields = 1, .by_name = order_397, .by_wire = wire_397, .n_by_wire = 1},
    [398] = {.name = "io.k8s.api.events.v1.Event", .doc = "Something that happened to an object, told for people. Events go away after a while.", .fields = fields_398, .n_fields = 17, .by_name = order_398, .by_wire = wire_398, .n_by_wire = 15},
    [399] = {.name = "io.k8s.api.events.v1.EventSeries", .doc = "Events of one kind that keep happening.", .fields = fields_399, .n_fields = 2, .by_name = order_399, .by_wire = wire_399, .n_by_wire = 2},
    [400] = {.name = "io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration", .fields = fields_400, .n_fields = 2, .by_name = order_400, .by_wire = wire_400, .n_by_wire = 2},
    [401] = {.name = "io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod", .fields = fields_401, .n_fields = 1, .by_name = order_401, .by_wire = wire_401, .n_by_wire = 1},
    [402] = {.name = "io.k8s.api.flowcontrol.v1.FlowSchema", .doc = "Which requests belong to which priority level.", .fields = fields_402, .n_fields = 5, .by_name = order_402, .by_wire = wire_402, .n_by_wire = 3},
    [403] = {.name = "io.k8s.api.flowcontrol.v1.FlowSchemaCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_403, .n_fields = 5, .by_name = order_403, .by_wire = wire_403, .n_by_wire = 5},
    [404] = {.name = "io.k8s.api.flowcontrol.v1.FlowSchemaSpec", .doc = "Which requests go where.", .fields = fields_404, .n_fields = 4, .by_name = order_404, .by_wire = wire_404, .n_by_wire = 4},
    [405] = {.name = "io.k8s.api.flowcontrol.v1.FlowSchemaStatus", .fields = fields_405, .n_fields = 1, .by_name = order_405, .by_wire = wire_405, .n_by_wire = 1},
    [406] = {.name = "io.k8s.api.flowcontrol.v1.GroupSubject", .fields = fields_406, .n_fields = 1, .by_name = order_406, .by_wire = wire_406, .n_by_wire = 1},
    [407] = {.name = "io.k8s.api.flowcontrol.v1.LimitResponse", .fields = fields_407, .n_fields = 2, .by_name = order_407, .by_wire = wire_407, .n_by_wire = 2},
    [408] = {.name = "io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration", .fields = fields_408, .n_fields = 4, .by_name = order_408, .by_wire = wire_408, .n_by_wire = 4},
    [409] = {.name = "io.k8s.api.flowcontrol.v1.NonResourcePolicyRule", .fields = fields_409, .n_fields = 2, .by_name = order_409, .by_wire = wire_409, .n_by_wire = 2},
    [410] = {.name = "io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects", .fields = fields_410, .n_fields = 3, .by_name = order_410, .by_wire = wire_410, .n_by_wire = 3},
    [411] = {.name = "io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration", .doc = "A share of the server's attention.", .fields = fields_411, .n_fields = 5, .by_name = order_411, .by_wire = wire_411, .n_by_wire = 3},
    [412] = {.name = "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_412, .n_fields = 5, .by_name = order_412, .by_wire = wire_412, .n_by_wire = 5},
    [413] = {.name = "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference", .fields = fields_413, .n_fields = 1, .by_name = order_413, .by_wire = wire_413, .n_by_wire = 1},
    [414] = {.name = "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec", .fields = fields_414, .n_fields = 3, .by_name = order_414, .by_wire = wire_414, .n_by_wire = 3},
    [415] = {.name = "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus", .fields = fields_415, .n_fields = 1, .by_name = order_415, .by_wire = wire_415, .n_by_wire = 1},
    [416] = {.name = "io.k8s.api.flowcontrol.v1.QueuingConfiguration", .fields = fields_416, .n_fields = 3, .by_name = order_416, .by_wire = wire_416, .n_by_wire = 3},
    [417] = {.name = "io.k8s.api.flowcontrol.v1.ResourcePolicyRule", .fields = fields_417, .n_fields = 5, .by_name = order_417, .by_wire = wire_417, .n_by_wire = 5},
    [418] = {.name = "io.k8s.api.flowcontrol.v1.ServiceAccountSubject", .fields = fields_418, .n_fields = 2, .by_name = order_418, .by_wire = wire_418, .n_by_wire = 2},
    [419] = {.name = "io.k8s.api.flowcontrol.v1.Subject", .fields = fields_419, .n_fields = 4, .by_name = order_419, .by_wire = wire_419, .n_by_wire = 4},
    [420] = {.name = "io.k8s.api.flowcontrol.v1.UserSubject", .fields = fields_420, .n_fields = 1, .by_name = order_420, .by_wire = wire_420, .n_by_wire = 1},
    [421] = {.name = "io.k8s.api.networking.v1.HTTPIngressPath", .doc = "Where requests for a path go.", .fields = fields_421, .n_fields = 3, .by_name = order_421, .by_wire = wire_421, .n_by_wire = 3},
    [422] = {.name = "io.k8s.api.networking.v1.HTTPIngressRuleValue", .doc = "Paths of a host.", .fields = fields_422, .n_fields = 1, .by_name = order_422, .by_wire = wire_422, .n_by_wire = 1},
    [423] = {.name = "io.k8s.api.networking.v1.IPAddress", .doc = "An address that a service has.", .fields = fields_423, .n_fields = 4, .by_name = order_423, .by_wire = wire_423, .n_by_wire = 2},
    [424] = {.name = "io.k8s.api.networking.v1.IPAddressSpec", .fields = fields_424, .n_fields = 1, .by_name = order_424, .by_wire = wire_424, .n_by_wire = 1},
    [425] = {.name = "io.k8s.api.networking.v1.IPBlock", .doc = "A range of addresses.", .fields = fields_425, .n_fields = 2, .by_name = order_425, .by_wire = wire_425, .n_by_wire = 2},
    [426] = {.name = "io.k8s.api.networking.v1.Ingress", .doc = "Leads HTTP requests from outside to services by host and path.", .fields = fields_426, .n_fields = 5, .by_name = order_426, .by_wire = wire_426, .n_by_wire = 3},
    [427] = {.name = "io.k8s.api.networking.v1.IngressBackend", .doc = "Where requests go.", .fields = fields_427, .n_fields = 2, .by_name = order_427, .by_wire = wire_427, .n_by_wire = 2},
    [428] = {.name = "io.k8s.api.networking.v1.IngressClass", .doc = "A controller that ingresses can choose.", .fields = fields_428, .n_fields = 4, .by_name = order_428, .by_wire = wire_428, .n_by_wire = 2},
    [429] = {.name = "io.k8s.api.networking.v1.IngressClassParametersReference", .fields = fields_429, .n_fields = 5, .by_name = order_429, .by_wire = wire_429, .n_by_wire = 5},
    [430] = {.name = "io.k8s.api.networking.v1.IngressClassSpec", .doc = "Which controller.", .fields = fields_430, .n_fields = 2, .by_name = order_430, .by_wire = wire_430, .n_by_wire = 2},
    [431] = {.name = "io.k8s.api.networking.v1.IngressLoadBalancerIngress", .fields = fields_431, .n_fields = 3, .by_name = order_431, .by_wire = wire_431, .n_by_wire = 3},
    [432] = {.name = "io.k8s.api.networking.v1.IngressLoadBalancerStatus", .fields = fields_432, .n_fields = 1, .by_name = order_432, .by_wire = wire_432, .n_by_wire = 1},
    [433] = {.name = "io.k8s.api.networking.v1.IngressPortStatus", .fields = fields_433, .n_fields = 3, .by_name = order_433, .by_wire = wire_433, .n_by_wire = 3},
    [434] = {.name = "io.k8s.api.networking.v1.IngressRule", .doc = "Rules of a host.", .fields = fields_434, .n_fields = 2, .by_name = order_434, .by_wire = wire_434, .n_by_wire = 2},
    [435] = {.name = "io.k8s.api.networking.v1.IngressServiceBackend", .doc = "A port of a service.", .fields = fields_435, .n_fields = 2, .by_name = order_435, .by_wire = wire_435, .n_by_wire = 2},
    [436] = {.name = "io.k8s.api.networking.v1.IngressSpec", .doc = "Which requests go where.", .fields = fields_436, .n_fields = 4, .by_name = order_436, .by_wire = wire_436, .n_by_wire = 4},
    [437] = {.name = "io.k8s.api.networking.v1.IngressStatus", .doc = "State of an ingress.", .fields = fields_437, .n_fields = 1, .by_name = order_437, .by_wire = wire_437, .n_by_wire = 1},
    [438] = {.name = "io.k8s.api.networking.v1.IngressTLS", .doc = "Hosts with a certificate.", .fields = fields_438, .n_fields = 2, .by_name = order_438, .by_wire = wire_438, .n_by_wire = 2},
    [439] = {.name = "io.k8s.api.networking.v1.NetworkPolicy", .doc = "Whom pods may talk to. Pods that no policy chooses may talk to everybody.", .fields = fields_439, .n_fields = 4, .by_name = order_439, .by_wire = wire_439, .n_by_wire = 2},
    [440] = {.name = "io.k8s.api.networking.v1.NetworkPolicyEgressRule", .doc = "Where chosen pods may send.", .fields = fields_440, .n_fields = 2, .by_name = order_440, .by_wire = wire_440, .n_by_wire = 2},
    [441] = {.name = "io.k8s.api.networking.v1.NetworkPolicyIngressRule", .doc = "From whom chosen pods receive.", .fields = fields_441, .n_fields = 2, .by_name = order_441, .by_wire = wire_441, .n_by_wire = 2},
    [442] = {.name = "io.k8s.api.networking.v1.NetworkPolicyPeer", .doc = "Pods or addresses.", .fields = fields_442, .n_fields = 3, .by_name = order_442, .by_wire = wire_442, .n_by_wire = 3},
    [443] = {.name = "io.k8s.api.networking.v1.NetworkPolicyPort", .doc = "A port.", .fields = fields_443, .n_fields = 3, .by_name = order_443, .by_wire = wire_443, .n_by_wire = 3},
    [444] = {.name = "io.k8s.api.networking.v1.NetworkPolicySpec", .doc = "Which pods, and what they may do.", .fields = fields_444, .n_fields = 4, .by_name = order_444, .by_wire = wire_444, .n_by_wire = 4},
    [445] = {.name = "io.k8s.api.networking.v1.ParentReference", .fields = fields_445, .n_fields = 4, .by_name = order_445, .by_wire = wire_445, .n_by_wire = 4},
    [446] = {.name = "io.k8s.api.networking.v1.ServiceBackendPort", .doc = "A port of a service.", .fields = fields_446, .n_fields = 2, .by_name = order_446, .by_wire = wire_446, .n_by_wire = 2, .is_map_atomic = true},
    [447] = {.name = "io.k8s.api.networking.v1.ServiceCIDR", .doc = "A range that services get addresses from.", .fields = fields_447, .n_fields = 5, .by_name = order_447, .by_wire = wire_447, .n_by_wire = 3},
    [448] = {.name = "io.k8s.api.networking.v1.ServiceCIDRSpec", .doc = "A range of addresses.", .fields = fields_448, .n_fields = 1, .by_name = order_448, .by_wire = wire_448, .n_by_wire = 1},
    [449] = {.name = "io.k8s.api.networking.v1.ServiceCIDRStatus", .fields = fields_449, .n_fields = 1, .by_name = order_449, .by_wire = wire_449, .n_by_wire = 1},
    [450] = {.name = "io.k8s.api.node.v1.Overhead", .doc = "What running a pod costs.", .fields = fields_450, .n_fields = 1, .by_name = order_450, .by_wire = wire_450, .n_by_wire = 1},
    [451] = {.name = "io.k8s.api.node.v1.RuntimeClass", .doc = "A way in which a runtime runs containers.", .fields = fields_451, .n_fields = 6, .by_name = order_451, .by_wire = wire_451, .n_by_wire = 4},
    [452] = {.name = "io.k8s.api.node.v1.Scheduling", .doc = "Nodes that have a runtime class.", .fields = fields_452, .n_fields = 2, .by_name = order_452, .by_wire = wire_452, .n_by_wire = 2},
    [453] = {.name = "io.k8s.api.policy.v1.Eviction", .doc = "Asks a pod to go, unless a disruption budget forbids it.", .fields = fields_453, .n_fields = 4, .by_name = order_453, .by_wire = wire_453, .n_by_wire = 2},
    [454] = {.name = "io.k8s.api.policy.v1.PodDisruptionBudget", .doc = "How many pods must be left when some are moved on purpose.", .fields = fields_454, .n_fields = 5, .by_name = order_454, .by_wire = wire_454, .n_by_wire = 3},
    [455] = {.name = "io.k8s.api.policy.v1.PodDisruptionBudgetSpec", .doc = "Which pods, and how many.", .fields = fields_455, .n_fields = 4, .by_name = order_455, .by_wire = wire_455, .n_by_wire = 4},
    [456] = {.name = "io.k8s.api.policy.v1.PodDisruptionBudgetStatus", .doc = "How many pods may go now.", .fields = fields_456, .n_fields = 7, .by_name = order_456, .by_wire = wire_456, .n_by_wire = 7},
    [457] = {.name = "io.k8s.api.rbac.v1.AggregationRule", .doc = "Makes a role of others.", .fields = fields_457, .n_fields = 1, .by_name = order_457, .by_wire = wire_457, .n_by_wire = 1},
    [458] = {.name = "io.k8s.api.rbac.v1.ClusterRole", .doc = "A set of rights in the whole cluster.", .fields = fields_458, .n_fields = 5, .by_name = order_458, .by_wire = wire_458, .n_by_wire = 3},
    [459] = {.name = "io.k8s.api.rbac.v1.ClusterRoleBinding", .doc = "Gives a cluster role to subjects in the whole cluster.", .fields = fields_459, .n_fields = 5, .by_name = order_459, .by_wire = wire_459, .n_by_wire = 3},
    [460] = {.name = "io.k8s.api.rbac.v1.PolicyRule", .doc = "A right. Everything named in it is allowed in every combination.", .fields = fields_460, .n_fields = 5, .by_name = order_460, .by_wire = wire_460, .n_by_wire = 5},
    [461] = {.name = "io.k8s.api.rbac.v1.Role", .doc = "A set of rights in a namespace.", .fields = fields_461, .n_fields = 4, .by_name = order_461, .by_wire = wire_461, .n_by_wire = 2},
    [462] = {.name = "io.k8s.api.rbac.v1.RoleBinding", .doc = "Gives a role to subjects in a namespace.", .fields = fields_462, .n_fields = 5, .by_name = order_462, .by_wire = wire_462, .n_by_wire = 3},
    [463] = {.name = "io.k8s.api.rbac.v1.RoleRef", .doc = "Names a role.", .fields = fields_463, .n_fields = 3, .by_name = order_463, .by_wire = wire_463, .n_by_wire = 3, .is_map_atomic = true},
    [464] = {.name = "io.k8s.api.rbac.v1.Subject", .doc = "A user, a group or a service account.", .fields = fields_464, .n_fields = 4, .by_name = order_464, .by_wire = wire_464, .n_by_wire = 4, .is_map_atomic = true},
    [465] = {.name = "io.k8s.api.resource.v1.AllocatedDeviceStatus", .fields = fields_465, .n_fields = 7, .by_name = order_465, .by_wire = wire_465, .n_by_wire = 7},
    [466] = {.name = "io.k8s.api.resource.v1.AllocationResult", .fields = fields_466, .n_fields = 3, .by_name = order_466, .by_wire = wire_466, .n_by_wire = 3},
    [467] = {.name = "io.k8s.api.resource.v1.CELDeviceSelector", .fields = fields_467, .n_fields = 1, .by_name = order_467, .by_wire = wire_467, .n_by_wire = 1},
    [468] = {.name = "io.k8s.api.resource.v1.CapacityRequestPolicy", .fields = fields_468, .n_fields = 3, .by_name = order_468, .by_wire = wire_468, .n_by_wire = 3},
    [469] = {.name = "io.k8s.api.resource.v1.CapacityRequestPolicyRange", .fields = fields_469, .n_fields = 3, .by_name = order_469, .by_wire = wire_469, .n_by_wire = 3},
    [470] = {.name = "io.k8s.api.resource.v1.CapacityRequirements", .fields = fields_470, .n_fields = 1, .by_name = order_470, .by_wire = wire_470, .n_by_wire = 1},
    [471] = {.name = "io.k8s.api.resource.v1.Counter", .fields = fields_471, .n_fields = 1, .by_name = order_471, .by_wire = wire_471, .n_by_wire = 1},
    [472] = {.name = "io.k8s.api.resource.v1.CounterSet", .fields = fields_472, .n_fields = 2, .by_name = order_472, .by_wire = wire_472, .n_by_wire = 2},
    [473] = {.name = "io.k8s.api.resource.v1.Device", .fields = fields_473, .n_fields = 13, .by_name = order_473, .by_wire = wire_473, .n_by_wire = 13},
    [474] = {.name = "io.k8s.api.resource.v1.DeviceAllocationConfiguration", .fields = fields_474, .n_fields = 3, .by_name = order_474, .by_wire = wire_474, .n_by_wire = 3},
    [475] = {.name = "io.k8s.api.resource.v1.DeviceAllocationResult", .fields = fields_475, .n_fields = 2, .by_name = order_475, .by_wire = wire_475, .n_by_wire = 2},
    [476] = {.name = "io.k8s.api.resource.v1.DeviceAttribute", .fields = fields_476, .n_fields = 8, .by_name = order_476, .by_wire = wire_476, .n_by_wire = 8},
    [477] = {.name = "io.k8s.api.resource.v1.DeviceCapacity", .fields = fields_477, .n_fields = 2, .by_name = order_477, .by_wire = wire_477, .n_by_wire = 2},
    [478] = {.name = "io.k8s.api.resource.v1.DeviceClaim", .fields = fields_478, .n_fields = 3, .by_name = order_478, .by_wire = wire_478, .n_by_wire = 3},
    [479] = {.name = "io.k8s.api.resource.v1.DeviceClaimConfiguration", .fields = fields_479, .n_fields = 2, .by_name = order_479, .by_wire = wire_479, .n_by_wire = 2},
    [480] = {.name = "io.k8s.api.resource.v1.DeviceClass", .doc = "A sort of devices that claims can ask for.", .fields = fields_480, .n_fields = 4, .by_name = order_480, .by_wire = wire_480, .n_by_wire = 2},
    [481] = {.name = "io.k8s.api.resource.v1.DeviceClassConfiguration", .fields = fields_481, .n_fields = 1, .by_name = order_481, .by_wire = wire_481, .n_by_wire = 1},
    [482] = {.name = "io.k8s.api.resource.v1.DeviceClassSpec", .fields = fields_482, .n_fields = 3, .by_name = order_482, .by_wire = wire_482, .n_by_wire = 3},
    [483] = {.name = "io.k8s.api.resource.v1.DeviceConstraint", .fields = fields_483, .n_fields = 3, .by_name = order_483, .by_wire = wire_483, .n_by_wire = 3},
    [484] = {.name = "io.k8s.api.resource.v1.DeviceCounterConsumption", .fields = fields_484, .n_fields = 2, .by_name = order_484, .by_wire = wire_484, .n_by_wire = 2},
    [485] = {.name = "io.k8s.api.resource.v1.DeviceRequest", .fields = fields_485, .n_fields = 3, .by_name = order_485, .by_wire = wire_485, .n_by_wire = 3},
    [486] = {.name = "io.k8s.api.resource.v1.DeviceRequestAllocationResult", .fields = fields_486, .n_fields = 10, .by_name = order_486, .by_wire = wire_486, .n_by_wire = 10},
    [487] = {.name = "io.k8s.api.resource.v1.DeviceSelector", .fields = fields_487, .n_fields = 1, .by_name = order_487, .by_wire = wire_487, .n_by_wire = 1},
    [488] = {.name = "io.k8s.api.resource.v1.DeviceSubRequest", .fields = fields_488, .n_fields = 7, .by_name = order_488, .by_wire = wire_488, .n_by_wire = 7},
    [489] = {.name = "io.k8s.api.resource.v1.DeviceTaint", .fields = fields_489, .n_fields = 4, .by_name = order_489, .by_wire = wire_489, .n_by_wire = 4},
    [490] = {.name = "io.k8s.api.resource.v1.DeviceToleration", .fields = fields_490, .n_fields = 5, .by_name = order_490, .by_wire = wire_490, .n_by_wire = 5},
    [491] = {.name = "io.k8s.api.resource.v1.ExactDeviceRequest", .fields = fields_491, .n_fields = 7, .by_name = order_491, .by_wire = wire_491, .n_by_wire = 7},
    [492] = {.name = "io.k8s.api.resource.v1.NetworkDeviceData", .fields = fields_492, .n_fields = 3, .by_name = order_492, .by_wire = wire_492, .n_by_wire = 3},
    [493] = {.name = "io.k8s.api.resource.v1.NodeAllocatableResourceMapping", .fields = fields_493, .n_fields = 2, .by_name = order_493, .by_wire = wire_493, .n_by_wire = 2},
    [494] = {.name = "io.k8s.api.resource.v1.OpaqueDeviceConfiguration", .fields = fields_494, .n_fields = 2, .by_name = order_494, .by_wire = wire_494, .n_by_wire = 2},
    [495] = {.name = "io.k8s.api.resource.v1.ResourceClaim", .doc = "A wish for devices.", .fields = fields_495, .n_fields = 5, .by_name = order_495, .by_wire = wire_495, .n_by_wire = 3},
    [496] = {.name = "io.k8s.api.resource.v1.ResourceClaimConsumerReference", .fields = fields_496, .n_fields = 4, .by_name = order_496, .by_wire = wire_496, .n_by_wire = 4},
    [497] = {.name = "io.k8s.api.resource.v1.ResourceClaimSpec", .doc = "Which devices.", .fields = fields_497, .n_fields = 1, .by_name = order_497, .by_wire = wire_497, .n_by_wire = 1},
    [498] = {.name = "io.k8s.api.resource.v1.ResourceClaimStatus", .fields = fields_498, .n_fields = 3, .by_name = order_498, .by_wire = wire_498, .n_by_wire = 3},
    [499] = {.name = "io.k8s.api.resource.v1.ResourceClaimTemplate", .doc = "Makes a claim for every pod.", .fields = fields_499, .n_fields = 4, .by_name = order_499, .by_wire = wire_499, .n_by_wire = 2},
    [500] = {.name = "io.k8s.api.resource.v1.ResourceClaimTemplateSpec", .fields = fields_500, .n_fields = 2, .by_name = order_500, .by_wire = wire_500, .n_by_wire = 2},
    [501] = {.name = "io.k8s.api.resource.v1.ResourcePool", .fields = fields_501, .n_fields = 3, .by_name = order_501, .by_wire = wire_501, .n_by_wire = 3},
    [502] = {.name = "io.k8s.api.resource.v1.ResourceSlice", .doc = "Devices that a driver offers.", .fields = fields_502, .n_fields = 4, .by_name = order_502, .by_wire = wire_502, .n_by_wire = 2},
    [503] = {.name = "io.k8s.api.resource.v1.ResourceSliceSpec", .fields = fields_503, .n_fields = 8, .by_name = order_503, .by_wire = wire_503, .n_by_wire = 8},
    [504] = {.name = "io.k8s.api.scheduling.v1.PriorityClass", .doc = "A name for a priority of pods.", .fields = fields_504, .n_fields = 7, .by_name = order_504, .by_wire = wire_504, .n_by_wire = 5},
    [505] = {.name = "io.k8s.api.storage.v1.CSIDriver", .doc = "A storage driver and how the system is to deal with it.", .fields = fields_505, .n_fields = 4, .by_name = order_505, .by_wire = wire_505, .n_by_wire = 2},
    [506] = {.name = "io.k8s.api.storage.v1.CSIDriverSpec", .doc = "How the system deals with a driver.", .fields = fields_506, .n_fields = 11, .by_name = order_506, .by_wire = wire_506, .n_by_wire = 11},
    [507] = {.name = "io.k8s.api.storage.v1.CSINode", .doc = "The storage drivers of a node.", .fields = fields_507, .n_fields = 4, .by_name = order_507, .by_wire = wire_507, .n_by_wire = 2},
    [508] = {.name = "io.k8s.api.storage.v1.CSINodeDriver", .doc = "A driver on a node.", .fields = fields_508, .n_fields = 4, .by_name = order_508, .by_wire = wire_508, .n_by_wire = 4},
    [509] = {.name = "io.k8s.api.storage.v1.CSINodeSpec", .doc = "The drivers.", .fields = fields_509, .n_fields = 1, .by_name = order_509, .by_wire = wire_509, .n_by_wire = 1},
    [510] = {.name = "io.k8s.api.storage.v1.CSIStorageCapacity", .doc = "How much room there is in one place.", .fields = fields_510, .n_fields = 7, .by_name = order_510, .by_wire = wire_510, .n_by_wire = 5},
    [511] = {.name = "io.k8s.api.storage.v1.StorageClass", .doc = "A sort of storage that claims can choose.", .fields = fields_511, .n_fields = 10, .by_name = order_511, .by_wire = wire_511, .n_by_wire = 8},
    [512] = {.name = "io.k8s.api.storage.v1.TokenRequest", .fields = fields_512, .n_fields = 2, .by_name = order_512, .by_wire = wire_512, .n_by_wire = 2},
    [513] = {.name = "io.k8s.api.storage.v1.VolumeAttachment", .doc = "A volume that is attached to a node.", .fields = fields_513, .n_fields = 5, .by_name = order_513, .by_wire = wire_513, .n_by_wire = 3},
    [514] = {.name = "io.k8s.api.storage.v1.VolumeAttachmentSource", .fields = fields_514, .n_fields = 2, .by_name = order_514, .by_wire = wire_514, .n_by_wire = 2},
    [515] = {.name = "io.k8s.api.storage.v1.VolumeAttachmentSpec", .fields = fields_515, .n_fields = 3, .by_name = order_515, .by_wire = wire_515, .n_by_wire = 3},
    [516] = {.name = "io.k8s.api.storage.v1.VolumeAttachmentStatus", .fields = fields_516, .n_fields = 4, .by_name = order_516, .by_wire = wire_516, .n_by_wire = 4},
    [517] = {.name = "io.k8s.api.storage.v1.VolumeAttributesClass", .doc = "A set of changeable properties of volumes.", .fields = fields_517, .n_fields = 5, .by_name = order_517, .by_wire = wire_517, .n_by_wire = 3},
    [518] = {.name = "io.k8s.api.storage.v1.VolumeError", .fields = fields_518, .n_fields = 3, .by_name = order_518, .by_wire = wire_518, .n_by_wire = 3},
    [519] = {.name = "io.k8s.api.storage.v1.VolumeNodeResources", .fields = fields_519, .n_fields = 1, .by_name = order_519, .by_wire = wire_519, .n_by_wire = 1},
    [520] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition", .doc = "A column that kubectl get prints.", .fields = fields_520, .n_fields = 6, .by_name = order_520, .by_wire = wire_520, .n_by_wire = 6},
    [521] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion", .doc = "How objects get from one version to another.", .fields = fields_521, .n_fields = 2, .by_name = order_521, .by_wire = wire_521, .n_by_wire = 2},
    [522] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition", .doc = "A kind of objects of one's own.", .fields = fields_522, .n_fields = 5, .by_name = order_522, .by_wire = wire_522, .n_by_wire = 3},
    [523] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_523, .n_fields = 6, .by_name = order_523, .by_wire = wire_523, .n_by_wire = 6},
    [524] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames", .doc = "Names of a kind.", .fields = fields_524, .n_fields = 6, .by_name = order_524, .by_wire = wire_524, .n_by_wire = 6},
    [525] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec", .doc = "What is defined.", .fields = fields_525, .n_fields = 6, .by_name = order_525, .by_wire = wire_525, .n_by_wire = 6},
    [526] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus", .doc = "State of a definition.", .fields = fields_526, .n_fields = 4, .by_name = order_526, .by_wire = wire_526, .n_by_wire = 4},
    [527] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", .doc = "A version of a kind.", .fields = fields_527, .n_fields = 9, .by_name = order_527, .by_wire = wire_527, .n_by_wire = 9},
    [528] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale", .doc = "Makes objects scalable.", .fields = fields_528, .n_fields = 3, .by_name = order_528, .by_wire = wire_528, .n_by_wire = 3},
    [529] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus", .doc = "Makes status a subresource."},
    [530] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources", .doc = "Subresources of a kind.", .fields = fields_530, .n_fields = 2, .by_name = order_530, .by_wire = wire_530, .n_by_wire = 2},
    [531] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation", .doc = "What objects look like.", .fields = fields_531, .n_fields = 1, .by_name = order_531, .by_wire = wire_531, .n_by_wire = 1},
    [532] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation", .fields = fields_532, .n_fields = 2, .by_name = order_532, .by_wire = wire_532, .n_by_wire = 2},
    [533] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps", .doc = "A schema, in the words of OpenAPI.", .fields = fields_533, .n_fields = 44, .by_name = order_533, .by_wire = wire_533, .n_by_wire = 44},
    [534] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField", .doc = "A field that can be selected by.", .fields = fields_534, .n_fields = 1, .by_name = order_534, .by_wire = wire_534, .n_by_wire = 1},
    [535] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference", .doc = "A service.", .fields = fields_535, .n_fields = 4, .by_name = order_535, .by_wire = wire_535, .n_by_wire = 4},
    [536] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule", .doc = "A rule in CEL.", .fields = fields_536, .n_fields = 6, .by_name = order_536, .by_wire = wire_536, .n_by_wire = 6},
    [537] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig", .doc = "How a webhook is called.", .fields = fields_537, .n_fields = 3, .by_name = order_537, .by_wire = wire_537, .n_by_wire = 3},
    [538] = {.name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion", .doc = "Who converts objects.", .fields = fields_538, .n_fields = 2, .by_name = order_538, .by_wire = wire_538, .n_by_wire = 2},
    [539] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup", .doc = "A group of resources and the versions that it is served in.", .fields = fields_539, .n_fields = 6, .by_name = order_539, .by_wire = wire_539, .n_by_wire = 4},
    [540] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList", .doc = "All groups that the server offers.", .fields = fields_540, .n_fields = 3, .by_name = order_540, .by_wire = wire_540, .n_by_wire = 1},
    [541] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResource", .doc = "One resource of a group version, as discovery shows it.", .fields = fields_541, .n_fields = 10, .by_name = order_541, .by_wire = wire_541, .n_by_wire = 10},
    [542] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList", .doc = "All resources of one group version.", .fields = fields_542, .n_fields = 4, .by_name = order_542, .by_wire = wire_542, .n_by_wire = 2},
    [543] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions", .doc = "The versions of the core group.", .fields = fields_543, .n_fields = 4, .by_name = order_543, .by_wire = wire_543, .n_by_wire = 2},
    [544] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.Condition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_544, .n_fields = 6, .by_name = order_544, .by_wire = wire_544, .n_by_wire = 6},
    [545] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", .doc = "How an object is to be deleted.", .fields = fields_545, .n_fields = 8, .by_name = order_545, .by_wire = wire_545, .n_by_wire = 6},
    [546] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement", .doc = "A condition on the value of one field.", .fields = fields_546, .n_fields = 3, .by_name = order_546, .by_wire = wire_546, .n_by_wire = 3},
    [547] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource", .fields = fields_547, .n_fields = 2, .by_name = order_547, .by_wire = wire_547, .n_by_wire = 2},
    [548] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery", .fields = fields_548, .n_fields = 2, .by_name = order_548, .by_wire = wire_548, .n_by_wire = 2},
    [549] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionKind", .fields = fields_549, .n_fields = 3, .by_name = order_549, .by_wire = wire_549, .n_by_wire = 3},
    [550] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector", .doc = "Chooses objects by their labels; all of its parts must hold. An empty one chooses everything, an absent one nothing.", .fields = fields_550, .n_fields = 2, .by_name = order_550, .by_wire = wire_550, .n_by_wire = 2, .is_map_atomic = true},
    [551] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement", .doc = "A condition on the value of one label.", .fields = fields_551, .n_fields = 3, .by_name = order_551, .by_wire = wire_551, .n_by_wire = 3},
    [552] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta", .doc = "What lists and some answers have in common.", .fields = fields_552, .n_fields = 5, .by_name = order_552, .by_wire = wire_552, .n_by_wire = 5},
    [553] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry", .doc = "Which fields one manager has set, by which kind of request.", .fields = fields_553, .n_fields = 7, .by_name = order_553, .by_wire = wire_553, .n_by_wire = 7},
    [554] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", .doc = "What every stored object has, whatever its kind.", .fields = fields_554, .n_fields = 15, .by_name = order_554, .by_wire = wire_554, .n_by_wire = 15},
    [555] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference", .doc = "Names an owner, in the same namespace or of the whole cluster.", .fields = fields_555, .n_fields = 6, .by_name = order_555, .by_wire = wire_555, .n_by_wire = 6, .is_map_atomic = true},
    [556] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata", .fields = fields_556, .n_fields = 3, .by_name = order_556, .by_wire = wire_556, .n_by_wire = 1},
    [557] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions", .doc = "What must hold for an object before it is changed.", .fields = fields_557, .n_fields = 2, .by_name = order_557, .by_wire = wire_557, .n_by_wire = 2},
    [558] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR", .fields = fields_558, .n_fields = 2, .by_name = order_558, .by_wire = wire_558, .n_by_wire = 2},
    [559] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo", .fields = fields_559, .n_fields = 1, .by_name = order_559, .by_wire = wire_559, .n_by_wire = 1},
    [560] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.Status", .doc = "The answer to a request that does not return an object.", .fields = fields_560, .n_fields = 8, .by_name = order_560, .by_wire = wire_560, .n_by_wire = 6},
    [561] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause", .doc = "One of the causes of a failure.", .fields = fields_561, .n_fields = 3, .by_name = order_561, .by_wire = wire_561, .n_by_wire = 3},
    [562] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails", .doc = "Which object a failure is about, and why.", .fields = fields_562, .n_fields = 6, .by_name = order_562, .by_wire = wire_562, .n_by_wire = 6},
    [563] = {.name = "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent", .doc = "One change that a watch reports.", .fields = fields_563, .n_fields = 2, .by_name = order_563, .by_wire = wire_563, .n_by_wire = 2},
    [564] = {.name = "io.k8s.apimachinery.pkg.version.Info", .fields = fields_564, .n_fields = 13, .by_name = order_564},
    [565] = {.name = "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService", .doc = "A group version, and who serves it.", .fields = fields_565, .n_fields = 5, .by_name = order_565, .by_wire = wire_565, .n_by_wire = 3},
    [566] = {.name = "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition", .doc = "One aspect of the state of an object, as its controller last saw it.", .fields = fields_566, .n_fields = 5, .by_name = order_566, .by_wire = wire_566, .n_by_wire = 5},
    [567] = {.name = "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec", .doc = "Who serves a group version.", .fields = fields_567, .n_fields = 7, .by_name = order_567, .by_wire = wire_567, .n_by_wire = 7},
    [568] = {.name = "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus", .fields = fields_568, .n_fields = 1, .by_name = order_568, .by_wire = wire_568, .n_by_wire = 1},
    [569] = {.name = "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference", .doc = "A service.", .fields = fields_569, .n_fields = 3, .by_name = order_569, .by_wire = wire_569, .n_by_wire = 3},
    [570] = {.name = "io.k8s.metrics.pkg.apis.metrics.v1beta1.ContainerMetrics", .fields = fields_570, .n_fields = 2, .by_name = order_570, .by_wire = wire_570, .n_by_wire = 2},
    [571] = {.name = "io.k8s.metrics.pkg.apis.metrics.v1beta1.NodeMetrics", .fields = fields_571, .n_fields = 6, .by_name = order_571, .by_wire = wire_571, .n_by_wire = 4},
    [572] = {.name = "io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetrics", .fields = fields_572, .n_fields = 6, .by_name = order_572, .by_wire = wire_572, .n_by_wire = 4},
};
const size_t gen_n_types = 573;
