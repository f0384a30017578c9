#include "agent/cri_schema.h"

/*
 * The messages of runtime.v1 that the agent uses, in the order in which they need each other:
 * field number, kind, repeated, name, message. Doubles and Windows' fields are left out.
 */

#define MSG(name) static const PbMessage name = {name##_fields, ARRAY_LEN(name##_fields)}

// clang-format off

static const PbField m_version_request_fields[] = {
    {1, PB_STRING, false, "version", NULL},
};
MSG(m_version_request);

static const PbField m_version_response_fields[] = {
    {1, PB_STRING, false, "version", NULL},
    {2, PB_STRING, false, "runtime_name", NULL},
    {3, PB_STRING, false, "runtime_version", NULL},
    {4, PB_STRING, false, "runtime_api_version", NULL},
};
MSG(m_version_response);

static const PbField m_pod_sandbox_metadata_fields[] = {
    {1, PB_STRING, false, "name", NULL},
    {2, PB_STRING, false, "uid", NULL},
    {3, PB_STRING, false, "namespace", NULL},
    {4, PB_UINT, false, "attempt", NULL},
};
MSG(m_pod_sandbox_metadata);

static const PbField m_dns_config_fields[] = {
    {1, PB_STRING, true, "servers", NULL},
    {2, PB_STRING, true, "searches", NULL},
    {3, PB_STRING, true, "options", NULL},
};
MSG(m_dns_config);

static const PbField m_port_mapping_fields[] = {
    {1, PB_INT, false, "protocol", NULL},
    {2, PB_INT, false, "container_port", NULL},
    {3, PB_INT, false, "host_port", NULL},
    {4, PB_STRING, false, "host_ip", NULL},
};
MSG(m_port_mapping);

static const PbField m_id_mapping_fields[] = {
    {1, PB_UINT, false, "host_id", NULL},
    {2, PB_UINT, false, "container_id", NULL},
    {3, PB_UINT, false, "length", NULL},
};
MSG(m_id_mapping);

static const PbField m_user_namespace_fields[] = {
    {1, PB_INT, false, "mode", NULL},
    {2, PB_MSG, true, "uids", &m_id_mapping},
    {3, PB_MSG, true, "gids", &m_id_mapping},
};
MSG(m_user_namespace);

static const PbField m_namespace_option_fields[] = {
    {1, PB_INT, false, "network", NULL},
    {2, PB_INT, false, "pid", NULL},
    {3, PB_INT, false, "ipc", NULL},
    {4, PB_STRING, false, "target_id", NULL},
    {5, PB_MSG, false, "userns_options", &m_user_namespace},
};
MSG(m_namespace_option);

static const PbField m_se_linux_option_fields[] = {
    {1, PB_STRING, false, "user", NULL},
    {2, PB_STRING, false, "role", NULL},
    {3, PB_STRING, false, "type", NULL},
    {4, PB_STRING, false, "level", NULL},
};
MSG(m_se_linux_option);

static const PbField m_int64_value_fields[] = {
    {1, PB_INT, false, "value", NULL},
};
MSG(m_int64_value);

static const PbField m_security_profile_fields[] = {
    {1, PB_INT, false, "profile_type", NULL},
    {2, PB_STRING, false, "localhost_ref", NULL},
};
MSG(m_security_profile);

static const PbField m_linux_sandbox_security_context_fields[] = {
    {1, PB_MSG, false, "namespace_options", &m_namespace_option},
    {2, PB_MSG, false, "selinux_options", &m_se_linux_option},
    {3, PB_MSG, false, "run_as_user", &m_int64_value},
    {4, PB_BOOL, false, "readonly_rootfs", NULL},
    {5, PB_INT, true, "supplemental_groups", NULL},
    {6, PB_BOOL, false, "privileged", NULL},
    {7, PB_STRING, false, "seccomp_profile_path", NULL},
    {8, PB_MSG, false, "run_as_group", &m_int64_value},
    {9, PB_MSG, false, "seccomp", &m_security_profile},
    {10, PB_MSG, false, "apparmor", &m_security_profile},
    {11, PB_INT, false, "supplemental_groups_policy", NULL},
};
MSG(m_linux_sandbox_security_context);

static const PbField m_hugepage_limit_fields[] = {
    {1, PB_STRING, false, "page_size", NULL},
    {2, PB_UINT, false, "limit", NULL},
};
MSG(m_hugepage_limit);

static const PbField m_linux_container_resources_fields[] = {
    {1, PB_INT, false, "cpu_period", NULL},
    {2, PB_INT, false, "cpu_quota", NULL},
    {3, PB_INT, false, "cpu_shares", NULL},
    {4, PB_INT, false, "memory_limit_in_bytes", NULL},
    {5, PB_INT, false, "oom_score_adj", NULL},
    {6, PB_STRING, false, "cpuset_cpus", NULL},
    {7, PB_STRING, false, "cpuset_mems", NULL},
    {8, PB_MSG, true, "hugepage_limits", &m_hugepage_limit},
    {9, PB_MAP, false, "unified", NULL},
    {10, PB_INT, false, "memory_swap_limit_in_bytes", NULL},
};
MSG(m_linux_container_resources);

static const PbField m_linux_pod_sandbox_config_fields[] = {
    {1, PB_STRING, false, "cgroup_parent", NULL},
    {2, PB_MSG, false, "security_context", &m_linux_sandbox_security_context},
    {3, PB_MAP, false, "sysctls", NULL},
    {4, PB_MSG, false, "overhead", &m_linux_container_resources},
    {5, PB_MSG, false, "resources", &m_linux_container_resources},
};
MSG(m_linux_pod_sandbox_config);

static const PbField m_pod_sandbox_config_fields[] = {
    {1, PB_MSG, false, "metadata", &m_pod_sandbox_metadata},
    {2, PB_STRING, false, "hostname", NULL},
    {3, PB_STRING, false, "log_directory", NULL},
    {4, PB_MSG, false, "dns_config", &m_dns_config},
    {5, PB_MSG, true, "port_mappings", &m_port_mapping},
    {6, PB_MAP, false, "labels", NULL},
    {7, PB_MAP, false, "annotations", NULL},
    {8, PB_MSG, false, "linux", &m_linux_pod_sandbox_config},
};
MSG(m_pod_sandbox_config);

static const PbField m_run_pod_sandbox_request_fields[] = {
    {1, PB_MSG, false, "config", &m_pod_sandbox_config},
    {2, PB_STRING, false, "runtime_handler", NULL},
};
MSG(m_run_pod_sandbox_request);

static const PbField m_run_pod_sandbox_response_fields[] = {
    {1, PB_STRING, false, "pod_sandbox_id", NULL},
};
MSG(m_run_pod_sandbox_response);

static const PbField m_stop_pod_sandbox_request_fields[] = {
    {1, PB_STRING, false, "pod_sandbox_id", NULL},
};
MSG(m_stop_pod_sandbox_request);

static const PbMessage m_stop_pod_sandbox_response = {NULL, 0};

static const PbField m_remove_pod_sandbox_request_fields[] = {
    {1, PB_STRING, false, "pod_sandbox_id", NULL},
};
MSG(m_remove_pod_sandbox_request);

static const PbMessage m_remove_pod_sandbox_response = {NULL, 0};

static const PbField m_pod_sandbox_status_request_fields[] = {
    {1, PB_STRING, false, "pod_sandbox_id", NULL},
    {2, PB_BOOL, false, "verbose", NULL},
};
MSG(m_pod_sandbox_status_request);

static const PbField m_pod_ip_fields[] = {
    {1, PB_STRING, false, "ip", NULL},
};
MSG(m_pod_ip);

static const PbField m_pod_sandbox_network_status_fields[] = {
    {1, PB_STRING, false, "ip", NULL},
    {2, PB_MSG, true, "additional_ips", &m_pod_ip},
};
MSG(m_pod_sandbox_network_status);

static const PbField m_namespace_fields[] = {
    {2, PB_MSG, false, "options", &m_namespace_option},
};
MSG(m_namespace);

static const PbField m_linux_pod_sandbox_status_fields[] = {
    {1, PB_MSG, false, "namespaces", &m_namespace},
};
MSG(m_linux_pod_sandbox_status);

static const PbField m_pod_sandbox_status_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_MSG, false, "metadata", &m_pod_sandbox_metadata},
    {3, PB_INT, false, "state", NULL},
    {4, PB_INT, false, "created_at", NULL},
    {5, PB_MSG, false, "network", &m_pod_sandbox_network_status},
    {6, PB_MSG, false, "linux", &m_linux_pod_sandbox_status},
    {7, PB_MAP, false, "labels", NULL},
    {8, PB_MAP, false, "annotations", NULL},
    {9, PB_STRING, false, "runtime_handler", NULL},
};
MSG(m_pod_sandbox_status);

static const PbField m_container_metadata_fields[] = {
    {1, PB_STRING, false, "name", NULL},
    {2, PB_UINT, false, "attempt", NULL},
};
MSG(m_container_metadata);

static const PbField m_image_spec_fields[] = {
    {1, PB_STRING, false, "image", NULL},
    {2, PB_MAP, false, "annotations", NULL},
    {18, PB_STRING, false, "user_specified_image", NULL},
    {19, PB_STRING, false, "runtime_handler", NULL},
    {20, PB_STRING, false, "image_ref", NULL},
};
MSG(m_image_spec);

static const PbField m_mount_fields[] = {
    {1, PB_STRING, false, "container_path", NULL},
    {2, PB_STRING, false, "host_path", NULL},
    {3, PB_BOOL, false, "readonly", NULL},
    {4, PB_BOOL, false, "selinux_relabel", NULL},
    {5, PB_INT, false, "propagation", NULL},
    {6, PB_MSG, true, "uidMappings", &m_id_mapping},
    {7, PB_MSG, true, "gidMappings", &m_id_mapping},
    {8, PB_BOOL, false, "recursive_read_only", NULL},
    {9, PB_MSG, false, "image", &m_image_spec},
    {10, PB_STRING, false, "image_sub_path", NULL},
};
MSG(m_mount);

static const PbField m_container_resources_fields[] = {
    {1, PB_MSG, false, "linux", &m_linux_container_resources},
};
MSG(m_container_resources);

static const PbField m_linux_container_user_fields[] = {
    {1, PB_INT, false, "uid", NULL},
    {2, PB_INT, false, "gid", NULL},
    {3, PB_INT, true, "supplemental_groups", NULL},
};
MSG(m_linux_container_user);

static const PbField m_container_user_fields[] = {
    {1, PB_MSG, false, "linux", &m_linux_container_user},
};
MSG(m_container_user);

static const PbField m_container_status_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_MSG, false, "metadata", &m_container_metadata},
    {3, PB_INT, false, "state", NULL},
    {4, PB_INT, false, "created_at", NULL},
    {5, PB_INT, false, "started_at", NULL},
    {6, PB_INT, false, "finished_at", NULL},
    {7, PB_INT, false, "exit_code", NULL},
    {8, PB_MSG, false, "image", &m_image_spec},
    {9, PB_STRING, false, "image_ref", NULL},
    {10, PB_STRING, false, "reason", NULL},
    {11, PB_STRING, false, "message", NULL},
    {12, PB_MAP, false, "labels", NULL},
    {13, PB_MAP, false, "annotations", NULL},
    {14, PB_MSG, true, "mounts", &m_mount},
    {15, PB_STRING, false, "log_path", NULL},
    {16, PB_MSG, false, "resources", &m_container_resources},
    {17, PB_STRING, false, "image_id", NULL},
    {18, PB_MSG, false, "user", &m_container_user},
    {19, PB_INT, false, "stop_signal", NULL},
};
MSG(m_container_status);

static const PbField m_pod_sandbox_status_response_fields[] = {
    {1, PB_MSG, false, "status", &m_pod_sandbox_status},
    {2, PB_MAP, false, "info", NULL},
    {3, PB_MSG, true, "containers_statuses", &m_container_status},
    {4, PB_INT, false, "timestamp", NULL},
};
MSG(m_pod_sandbox_status_response);

static const PbField m_pod_sandbox_state_value_fields[] = {
    {1, PB_INT, false, "state", NULL},
};
MSG(m_pod_sandbox_state_value);

static const PbField m_pod_sandbox_filter_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_MSG, false, "state", &m_pod_sandbox_state_value},
    {3, PB_MAP, false, "label_selector", NULL},
};
MSG(m_pod_sandbox_filter);

static const PbField m_list_pod_sandbox_request_fields[] = {
    {1, PB_MSG, false, "filter", &m_pod_sandbox_filter},
};
MSG(m_list_pod_sandbox_request);

static const PbField m_pod_sandbox_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_MSG, false, "metadata", &m_pod_sandbox_metadata},
    {3, PB_INT, false, "state", NULL},
    {4, PB_INT, false, "created_at", NULL},
    {5, PB_MAP, false, "labels", NULL},
    {6, PB_MAP, false, "annotations", NULL},
    {7, PB_STRING, false, "runtime_handler", NULL},
};
MSG(m_pod_sandbox);

static const PbField m_list_pod_sandbox_response_fields[] = {
    {1, PB_MSG, true, "items", &m_pod_sandbox},
};
MSG(m_list_pod_sandbox_response);

static const PbField m_key_value_fields[] = {
    {1, PB_STRING, false, "key", NULL},
    {2, PB_BYTES, false, "value", NULL},
};
MSG(m_key_value);

static const PbField m_device_fields[] = {
    {1, PB_STRING, false, "container_path", NULL},
    {2, PB_STRING, false, "host_path", NULL},
    {3, PB_STRING, false, "permissions", NULL},
};
MSG(m_device);

static const PbField m_capability_fields[] = {
    {1, PB_STRING, true, "add_capabilities", NULL},
    {2, PB_STRING, true, "drop_capabilities", NULL},
    {3, PB_STRING, true, "add_ambient_capabilities", NULL},
};
MSG(m_capability);

static const PbField m_linux_container_security_context_fields[] = {
    {1, PB_MSG, false, "capabilities", &m_capability},
    {2, PB_BOOL, false, "privileged", NULL},
    {3, PB_MSG, false, "namespace_options", &m_namespace_option},
    {4, PB_MSG, false, "selinux_options", &m_se_linux_option},
    {5, PB_MSG, false, "run_as_user", &m_int64_value},
    {6, PB_STRING, false, "run_as_username", NULL},
    {7, PB_BOOL, false, "readonly_rootfs", NULL},
    {8, PB_INT, true, "supplemental_groups", NULL},
    {9, PB_STRING, false, "apparmor_profile", NULL},
    {10, PB_STRING, false, "seccomp_profile_path", NULL},
    {11, PB_BOOL, false, "no_new_privs", NULL},
    {12, PB_MSG, false, "run_as_group", &m_int64_value},
    {13, PB_STRING, true, "masked_paths", NULL},
    {14, PB_STRING, true, "readonly_paths", NULL},
    {15, PB_MSG, false, "seccomp", &m_security_profile},
    {16, PB_MSG, false, "apparmor", &m_security_profile},
    {17, PB_INT, false, "supplemental_groups_policy", NULL},
};
MSG(m_linux_container_security_context);

static const PbField m_linux_container_config_fields[] = {
    {1, PB_MSG, false, "resources", &m_linux_container_resources},
    {2, PB_MSG, false, "security_context", &m_linux_container_security_context},
};
MSG(m_linux_container_config);

static const PbField m_cdi_device_fields[] = {
    {1, PB_STRING, false, "name", NULL},
};
MSG(m_cdi_device);

static const PbField m_container_config_fields[] = {
    {1, PB_MSG, false, "metadata", &m_container_metadata},
    {2, PB_MSG, false, "image", &m_image_spec},
    {3, PB_STRING, true, "command", NULL},
    {4, PB_STRING, true, "args", NULL},
    {5, PB_STRING, false, "working_dir", NULL},
    {6, PB_MSG, true, "envs", &m_key_value},
    {7, PB_MSG, true, "mounts", &m_mount},
    {8, PB_MSG, true, "devices", &m_device},
    {9, PB_MAP, false, "labels", NULL},
    {10, PB_MAP, false, "annotations", NULL},
    {11, PB_STRING, false, "log_path", NULL},
    {12, PB_BOOL, false, "stdin", NULL},
    {13, PB_BOOL, false, "stdin_once", NULL},
    {14, PB_BOOL, false, "tty", NULL},
    {15, PB_MSG, false, "linux", &m_linux_container_config},
    {17, PB_MSG, true, "CDI_devices", &m_cdi_device},
    {18, PB_INT, false, "stop_signal", NULL},
};
MSG(m_container_config);

static const PbField m_create_container_request_fields[] = {
    {1, PB_STRING, false, "pod_sandbox_id", NULL},
    {2, PB_MSG, false, "config", &m_container_config},
    {3, PB_MSG, false, "sandbox_config", &m_pod_sandbox_config},
};
MSG(m_create_container_request);

static const PbField m_create_container_response_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
};
MSG(m_create_container_response);

static const PbField m_start_container_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
};
MSG(m_start_container_request);

static const PbMessage m_start_container_response = {NULL, 0};

static const PbField m_stop_container_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
    {2, PB_INT, false, "timeout", NULL},
};
MSG(m_stop_container_request);

static const PbMessage m_stop_container_response = {NULL, 0};

static const PbField m_remove_container_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
};
MSG(m_remove_container_request);

static const PbMessage m_remove_container_response = {NULL, 0};

static const PbField m_container_state_value_fields[] = {
    {1, PB_INT, false, "state", NULL},
};
MSG(m_container_state_value);

static const PbField m_container_filter_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_MSG, false, "state", &m_container_state_value},
    {3, PB_STRING, false, "pod_sandbox_id", NULL},
    {4, PB_MAP, false, "label_selector", NULL},
};
MSG(m_container_filter);

static const PbField m_list_containers_request_fields[] = {
    {1, PB_MSG, false, "filter", &m_container_filter},
};
MSG(m_list_containers_request);

static const PbField m_container_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_STRING, false, "pod_sandbox_id", NULL},
    {3, PB_MSG, false, "metadata", &m_container_metadata},
    {4, PB_MSG, false, "image", &m_image_spec},
    {5, PB_STRING, false, "image_ref", NULL},
    {6, PB_INT, false, "state", NULL},
    {7, PB_INT, false, "created_at", NULL},
    {8, PB_MAP, false, "labels", NULL},
    {9, PB_MAP, false, "annotations", NULL},
    {10, PB_STRING, false, "image_id", NULL},
};
MSG(m_container);

static const PbField m_list_containers_response_fields[] = {
    {1, PB_MSG, true, "containers", &m_container},
};
MSG(m_list_containers_response);

static const PbField m_container_status_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
    {2, PB_BOOL, false, "verbose", NULL},
};
MSG(m_container_status_request);

static const PbField m_container_status_response_fields[] = {
    {1, PB_MSG, false, "status", &m_container_status},
    {2, PB_MAP, false, "info", NULL},
};
MSG(m_container_status_response);

static const PbField m_exec_sync_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
    {2, PB_STRING, true, "cmd", NULL},
    {3, PB_INT, false, "timeout", NULL},
};
MSG(m_exec_sync_request);

static const PbField m_exec_sync_response_fields[] = {
    {1, PB_BYTES, false, "stdout", NULL},
    {2, PB_BYTES, false, "stderr", NULL},
    {3, PB_INT, false, "exit_code", NULL},
};
MSG(m_exec_sync_response);

static const PbField m_exec_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
    {2, PB_STRING, true, "cmd", NULL},
    {3, PB_BOOL, false, "tty", NULL},
    {4, PB_BOOL, false, "stdin", NULL},
    {5, PB_BOOL, false, "stdout", NULL},
    {6, PB_BOOL, false, "stderr", NULL},
};
MSG(m_exec_request);

static const PbField m_exec_response_fields[] = {
    {1, PB_STRING, false, "url", NULL},
};
MSG(m_exec_response);

static const PbField m_attach_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
    {2, PB_BOOL, false, "stdin", NULL},
    {3, PB_BOOL, false, "tty", NULL},
    {4, PB_BOOL, false, "stdout", NULL},
    {5, PB_BOOL, false, "stderr", NULL},
};
MSG(m_attach_request);

static const PbField m_attach_response_fields[] = {
    {1, PB_STRING, false, "url", NULL},
};
MSG(m_attach_response);

static const PbField m_port_forward_request_fields[] = {
    {1, PB_STRING, false, "pod_sandbox_id", NULL},
    {2, PB_INT, true, "port", NULL},
};
MSG(m_port_forward_request);

static const PbField m_port_forward_response_fields[] = {
    {1, PB_STRING, false, "url", NULL},
};
MSG(m_port_forward_response);

static const PbField m_container_stats_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
};
MSG(m_container_stats_request);

static const PbField m_container_attributes_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_MSG, false, "metadata", &m_container_metadata},
    {3, PB_MAP, false, "labels", NULL},
    {4, PB_MAP, false, "annotations", NULL},
};
MSG(m_container_attributes);

static const PbField m_u_int64_value_fields[] = {
    {1, PB_UINT, false, "value", NULL},
};
MSG(m_u_int64_value);

static const PbField m_psi_data_fields[] = {
    {1, PB_UINT, false, "Total", NULL},
};
MSG(m_psi_data);

static const PbField m_psi_stats_fields[] = {
    {1, PB_MSG, false, "Full", &m_psi_data},
    {2, PB_MSG, false, "Some", &m_psi_data},
};
MSG(m_psi_stats);

static const PbField m_cpu_usage_fields[] = {
    {1, PB_INT, false, "timestamp", NULL},
    {2, PB_MSG, false, "usage_core_nano_seconds", &m_u_int64_value},
    {3, PB_MSG, false, "usage_nano_cores", &m_u_int64_value},
    {4, PB_MSG, false, "psi", &m_psi_stats},
};
MSG(m_cpu_usage);

static const PbField m_memory_usage_fields[] = {
    {1, PB_INT, false, "timestamp", NULL},
    {2, PB_MSG, false, "working_set_bytes", &m_u_int64_value},
    {3, PB_MSG, false, "available_bytes", &m_u_int64_value},
    {4, PB_MSG, false, "usage_bytes", &m_u_int64_value},
    {5, PB_MSG, false, "rss_bytes", &m_u_int64_value},
    {6, PB_MSG, false, "page_faults", &m_u_int64_value},
    {7, PB_MSG, false, "major_page_faults", &m_u_int64_value},
    {8, PB_MSG, false, "psi", &m_psi_stats},
};
MSG(m_memory_usage);

static const PbField m_filesystem_identifier_fields[] = {
    {1, PB_STRING, false, "mountpoint", NULL},
};
MSG(m_filesystem_identifier);

static const PbField m_filesystem_usage_fields[] = {
    {1, PB_INT, false, "timestamp", NULL},
    {2, PB_MSG, false, "fs_id", &m_filesystem_identifier},
    {3, PB_MSG, false, "used_bytes", &m_u_int64_value},
    {4, PB_MSG, false, "inodes_used", &m_u_int64_value},
};
MSG(m_filesystem_usage);

static const PbField m_swap_usage_fields[] = {
    {1, PB_INT, false, "timestamp", NULL},
    {2, PB_MSG, false, "swap_available_bytes", &m_u_int64_value},
    {3, PB_MSG, false, "swap_usage_bytes", &m_u_int64_value},
};
MSG(m_swap_usage);

static const PbField m_io_usage_fields[] = {
    {1, PB_INT, false, "timestamp", NULL},
    {2, PB_MSG, false, "psi", &m_psi_stats},
};
MSG(m_io_usage);

static const PbField m_container_stats_fields[] = {
    {1, PB_MSG, false, "attributes", &m_container_attributes},
    {2, PB_MSG, false, "cpu", &m_cpu_usage},
    {3, PB_MSG, false, "memory", &m_memory_usage},
    {4, PB_MSG, false, "writable_layer", &m_filesystem_usage},
    {5, PB_MSG, false, "swap", &m_swap_usage},
    {6, PB_MSG, false, "io", &m_io_usage},
};
MSG(m_container_stats);

static const PbField m_container_stats_response_fields[] = {
    {1, PB_MSG, false, "stats", &m_container_stats},
};
MSG(m_container_stats_response);

static const PbField m_container_stats_filter_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_STRING, false, "pod_sandbox_id", NULL},
    {3, PB_MAP, false, "label_selector", NULL},
};
MSG(m_container_stats_filter);

static const PbField m_list_container_stats_request_fields[] = {
    {1, PB_MSG, false, "filter", &m_container_stats_filter},
};
MSG(m_list_container_stats_request);

static const PbField m_list_container_stats_response_fields[] = {
    {1, PB_MSG, true, "stats", &m_container_stats},
};
MSG(m_list_container_stats_response);

static const PbField m_status_request_fields[] = {
    {1, PB_BOOL, false, "verbose", NULL},
};
MSG(m_status_request);

static const PbField m_runtime_condition_fields[] = {
    {1, PB_STRING, false, "type", NULL},
    {2, PB_BOOL, false, "status", NULL},
    {3, PB_STRING, false, "reason", NULL},
    {4, PB_STRING, false, "message", NULL},
};
MSG(m_runtime_condition);

static const PbField m_runtime_status_fields[] = {
    {1, PB_MSG, true, "conditions", &m_runtime_condition},
};
MSG(m_runtime_status);

static const PbField m_runtime_handler_features_fields[] = {
    {1, PB_BOOL, false, "recursive_read_only_mounts", NULL},
    {2, PB_BOOL, false, "user_namespaces", NULL},
};
MSG(m_runtime_handler_features);

static const PbField m_runtime_handler_fields[] = {
    {1, PB_STRING, false, "name", NULL},
    {2, PB_MSG, false, "features", &m_runtime_handler_features},
};
MSG(m_runtime_handler);

static const PbField m_runtime_features_fields[] = {
    {1, PB_BOOL, false, "supplemental_groups_policy", NULL},
    {2, PB_BOOL, false, "user_namespaces_host_network", NULL},
};
MSG(m_runtime_features);

static const PbField m_status_response_fields[] = {
    {1, PB_MSG, false, "status", &m_runtime_status},
    {2, PB_MAP, false, "info", NULL},
    {3, PB_MSG, true, "runtime_handlers", &m_runtime_handler},
    {4, PB_MSG, false, "features", &m_runtime_features},
};
MSG(m_status_response);

static const PbField m_reopen_container_log_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
};
MSG(m_reopen_container_log_request);

static const PbMessage m_reopen_container_log_response = {NULL, 0};

static const PbField m_update_container_resources_request_fields[] = {
    {1, PB_STRING, false, "container_id", NULL},
    {2, PB_MSG, false, "linux", &m_linux_container_resources},
    {4, PB_MAP, false, "annotations", NULL},
};
MSG(m_update_container_resources_request);

static const PbMessage m_update_container_resources_response = {NULL, 0};

static const PbField m_image_filter_fields[] = {
    {1, PB_MSG, false, "image", &m_image_spec},
};
MSG(m_image_filter);

static const PbField m_list_images_request_fields[] = {
    {1, PB_MSG, false, "filter", &m_image_filter},
};
MSG(m_list_images_request);

static const PbField m_image_fields[] = {
    {1, PB_STRING, false, "id", NULL},
    {2, PB_STRING, true, "repo_tags", NULL},
    {3, PB_STRING, true, "repo_digests", NULL},
    {4, PB_UINT, false, "size", NULL},
    {5, PB_MSG, false, "uid", &m_int64_value},
    {6, PB_STRING, false, "username", NULL},
    {7, PB_MSG, false, "spec", &m_image_spec},
    {8, PB_BOOL, false, "pinned", NULL},
};
MSG(m_image);

static const PbField m_list_images_response_fields[] = {
    {1, PB_MSG, true, "images", &m_image},
};
MSG(m_list_images_response);

static const PbField m_image_status_request_fields[] = {
    {1, PB_MSG, false, "image", &m_image_spec},
    {2, PB_BOOL, false, "verbose", NULL},
};
MSG(m_image_status_request);

static const PbField m_image_status_response_fields[] = {
    {1, PB_MSG, false, "image", &m_image},
    {2, PB_MAP, false, "info", NULL},
};
MSG(m_image_status_response);

static const PbField m_auth_config_fields[] = {
    {1, PB_STRING, false, "username", NULL},
    {2, PB_STRING, false, "password", NULL},
    {3, PB_STRING, false, "auth", NULL},
    {4, PB_STRING, false, "server_address", NULL},
    {5, PB_STRING, false, "identity_token", NULL},
    {6, PB_STRING, false, "registry_token", NULL},
};
MSG(m_auth_config);

static const PbField m_pull_image_request_fields[] = {
    {1, PB_MSG, false, "image", &m_image_spec},
    {2, PB_MSG, false, "auth", &m_auth_config},
    {3, PB_MSG, false, "sandbox_config", &m_pod_sandbox_config},
};
MSG(m_pull_image_request);

static const PbField m_pull_image_response_fields[] = {
    {1, PB_STRING, false, "image_ref", NULL},
};
MSG(m_pull_image_response);

static const PbField m_remove_image_request_fields[] = {
    {1, PB_MSG, false, "image", &m_image_spec},
};
MSG(m_remove_image_request);

static const PbMessage m_remove_image_response = {NULL, 0};

static const PbMessage m_image_fs_info_request = {NULL, 0};

static const PbField m_image_fs_info_response_fields[] = {
    {1, PB_MSG, true, "image_filesystems", &m_filesystem_usage},
    {2, PB_MSG, true, "container_filesystems", &m_filesystem_usage},
};
MSG(m_image_fs_info_response);

const CriMethodInfo cri_methods[CRI_METHOD_MAX_] = {
    [CRI_VERSION] = {"/runtime.v1.RuntimeService/Version", &m_version_request, &m_version_response},
    [CRI_RUN_POD_SANDBOX] = {"/runtime.v1.RuntimeService/RunPodSandbox", &m_run_pod_sandbox_request, &m_run_pod_sandbox_response},
    [CRI_STOP_POD_SANDBOX] = {"/runtime.v1.RuntimeService/StopPodSandbox", &m_stop_pod_sandbox_request, &m_stop_pod_sandbox_response},
    [CRI_REMOVE_POD_SANDBOX] = {"/runtime.v1.RuntimeService/RemovePodSandbox", &m_remove_pod_sandbox_request, &m_remove_pod_sandbox_response},
    [CRI_POD_SANDBOX_STATUS] = {"/runtime.v1.RuntimeService/PodSandboxStatus", &m_pod_sandbox_status_request, &m_pod_sandbox_status_response},
    [CRI_LIST_POD_SANDBOX] = {"/runtime.v1.RuntimeService/ListPodSandbox", &m_list_pod_sandbox_request, &m_list_pod_sandbox_response},
    [CRI_CREATE_CONTAINER] = {"/runtime.v1.RuntimeService/CreateContainer", &m_create_container_request, &m_create_container_response},
    [CRI_START_CONTAINER] = {"/runtime.v1.RuntimeService/StartContainer", &m_start_container_request, &m_start_container_response},
    [CRI_STOP_CONTAINER] = {"/runtime.v1.RuntimeService/StopContainer", &m_stop_container_request, &m_stop_container_response},
    [CRI_REMOVE_CONTAINER] = {"/runtime.v1.RuntimeService/RemoveContainer", &m_remove_container_request, &m_remove_container_response},
    [CRI_LIST_CONTAINERS] = {"/runtime.v1.RuntimeService/ListContainers", &m_list_containers_request, &m_list_containers_response},
    [CRI_CONTAINER_STATUS] = {"/runtime.v1.RuntimeService/ContainerStatus", &m_container_status_request, &m_container_status_response},
    [CRI_EXEC_SYNC] = {"/runtime.v1.RuntimeService/ExecSync", &m_exec_sync_request, &m_exec_sync_response},
    [CRI_EXEC] = {"/runtime.v1.RuntimeService/Exec", &m_exec_request, &m_exec_response},
    [CRI_ATTACH] = {"/runtime.v1.RuntimeService/Attach", &m_attach_request, &m_attach_response},
    [CRI_PORT_FORWARD] = {"/runtime.v1.RuntimeService/PortForward", &m_port_forward_request, &m_port_forward_response},
    [CRI_CONTAINER_STATS] = {"/runtime.v1.RuntimeService/ContainerStats", &m_container_stats_request, &m_container_stats_response},
    [CRI_LIST_CONTAINER_STATS] = {"/runtime.v1.RuntimeService/ListContainerStats", &m_list_container_stats_request, &m_list_container_stats_response},
    [CRI_STATUS] = {"/runtime.v1.RuntimeService/Status", &m_status_request, &m_status_response},
    [CRI_REOPEN_CONTAINER_LOG] = {"/runtime.v1.RuntimeService/ReopenContainerLog", &m_reopen_container_log_request, &m_reopen_container_log_response},
    [CRI_UPDATE_CONTAINER_RESOURCES] = {"/runtime.v1.RuntimeService/UpdateContainerResources", &m_update_container_resources_request, &m_update_container_resources_response},
    [CRI_LIST_IMAGES] = {"/runtime.v1.ImageService/ListImages", &m_list_images_request, &m_list_images_response},
    [CRI_IMAGE_STATUS] = {"/runtime.v1.ImageService/ImageStatus", &m_image_status_request, &m_image_status_response},
    [CRI_PULL_IMAGE] = {"/runtime.v1.ImageService/PullImage", &m_pull_image_request, &m_pull_image_response},
    [CRI_REMOVE_IMAGE] = {"/runtime.v1.ImageService/RemoveImage", &m_remove_image_request, &m_remove_image_response},
    [CRI_IMAGE_FS_INFO] = {"/runtime.v1.ImageService/ImageFsInfo", &m_image_fs_info_request, &m_image_fs_info_response},
};
// clang-format on
