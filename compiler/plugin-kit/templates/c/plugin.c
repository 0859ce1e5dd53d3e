// Limits how many pods a node may run.

#include <stdlib.h>
#include <string.h>

#include "dist/plugin.h"

#define MAX_PODS "110"

typedef flatwright_plugin_kubeadm_types_argument_t argument_t;
typedef flatwright_plugin_kubeadm_types_list_argument_t arguments_t;

static bool is(const plugin_string_t *string, const char *text) {
  return string->len == strlen(text) && memcmp(string->ptr, text, string->len) == 0;
}

// Sets an argument; a new one goes to the end. Memory is never given back: the instance ends with the call.
static void set(arguments_t *arguments, const char *name, const char *value) {
  for (size_t at = 0; at < arguments->len; at++) {
    if (is(&arguments->ptr[at].name, name)) {
      plugin_string_set(&arguments->ptr[at].value, value);
      return;
    }
  }
  argument_t *longer = malloc((arguments->len + 1) * sizeof(argument_t));
  memcpy(longer, arguments->ptr, arguments->len * sizeof(argument_t));
  plugin_string_set(&longer[arguments->len].name, name);
  plugin_string_set(&longer[arguments->len].value, value);
  arguments->ptr = longer;
  arguments->len++;
}

void exports_flatwright_plugin_meta_describe(exports_flatwright_plugin_meta_description_t *description) {
  memset(description, 0, sizeof *description);
  plugin_string_set(&description->name, "example-plugin");
  plugin_string_set(&description->version, "0.1.0");
  plugin_string_set(&description->summary, "limits how many pods a node may run");
}

bool exports_flatwright_plugin_kubeadm_customize(
    exports_flatwright_plugin_kubeadm_context_t *context,
    exports_flatwright_plugin_kubeadm_kubeadm_settings_t *settings,
    exports_flatwright_plugin_kubeadm_customized_kubeadm_t *answer,
    exports_flatwright_plugin_kubeadm_list_diagnostic_t *refusal) {
  (void)refusal;
  if (context->target.tag == FLATWRIGHT_PLUGIN_CLUSTER_TARGET_GROUP) {
    set(&settings->node.kubelet_arguments, "max-pods", MAX_PODS);
  }
  memset(answer, 0, sizeof *answer);
  answer->settings = *settings;
  return true;
}
