// Limits how many pods a node may run.

#include <stdlib.h>
#include <string.h>

#include "dist/plugin.h"

// hook: kubeadm
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

// end
// hook: images, policy
typedef flatwright_plugin_findings_diagnostic_t diagnostic_t;

static void say(diagnostic_t *diagnostic, const char *message, const char *hint) {
  memset(diagnostic, 0, sizeof *diagnostic);
  diagnostic->severity = FLATWRIGHT_PLUGIN_FINDINGS_SEVERITY_ERROR;
  plugin_string_set(&diagnostic->message, message);
  diagnostic->hints.ptr = malloc(sizeof(plugin_string_t));
  diagnostic->hints.len = 1;
  plugin_string_set(&diagnostic->hints.ptr[0], hint);
}

// end
void exports_flatwright_plugin_meta_describe(exports_flatwright_plugin_meta_description_t *description) {
  memset(description, 0, sizeof *description);
  plugin_string_set(&description->name, "example-plugin");
  plugin_string_set(&description->version, "0.1.0");
  plugin_string_set(&description->summary, "limits how many pods a node may run");
}

// hook: images
bool exports_flatwright_plugin_images_customize(
    exports_flatwright_plugin_images_context_t *context,
    exports_flatwright_plugin_images_image_t *image,
    exports_flatwright_plugin_images_customized_image_t *answer,
    exports_flatwright_plugin_images_list_diagnostic_t *refusal) {
  (void)context;
  flatwright_plugin_image_types_machine_image_t *machine = &image->val.machine;
  if (image->tag == FLATWRIGHT_PLUGIN_IMAGE_TYPES_IMAGE_MACHINE &&
      machine->tag == FLATWRIGHT_PLUGIN_IMAGE_TYPES_MACHINE_IMAGE_MARKETPLACE) {
    const plugin_string_t *version = &machine->val.marketplace.version;
    if (version->len == strlen("latest") && memcmp(version->ptr, "latest", version->len) == 0) {
      refusal->ptr = malloc(sizeof(diagnostic_t));
      refusal->len = 1;
      say(refusal->ptr, "a node group boots whatever image is the latest", "set a version, so that all nodes are equal");
      refusal->ptr->place.tag = FLATWRIGHT_PLUGIN_FINDINGS_PLACE_VALUE;
      plugin_string_set(&refusal->ptr->place.val.value, "machine.marketplace.version");
      return false;
    }
  }
  memset(answer, 0, sizeof *answer);
  answer->image = *image;
  return true;
}

// end
// hook: sysupdate
bool exports_flatwright_plugin_sysupdate_customize(
    exports_flatwright_plugin_sysupdate_context_t *context,
    exports_flatwright_plugin_sysupdate_sysupdate_config_t *config,
    exports_flatwright_plugin_sysupdate_customized_sysupdate_t *answer,
    exports_flatwright_plugin_sysupdate_list_diagnostic_t *refusal) {
  (void)context;
  (void)refusal;
  if (!config->schedule.is_some) {
    memset(&config->schedule, 0, sizeof config->schedule);
    config->schedule.is_some = true;
  }
  config->schedule.val.on_calendar.ptr = malloc(sizeof(plugin_string_t));
  config->schedule.val.on_calendar.len = 1;
  plugin_string_set(&config->schedule.val.on_calendar.ptr[0], "Sun 03:00");
  memset(answer, 0, sizeof *answer);
  answer->config = *config;
  return true;
}

// end
// hook: policy
#define LONGEST_NAME 40

void exports_flatwright_plugin_policy_select(
    exports_flatwright_plugin_policy_context_t *context,
    exports_flatwright_plugin_policy_interests_t *interests) {
  (void)context;
  memset(interests, 0, sizeof *interests);
  interests->objects.tag = FLATWRIGHT_PLUGIN_POLICY_TYPES_OBJECT_INTEREST_EVERYTHING;
}

void exports_flatwright_plugin_policy_review(
    exports_flatwright_plugin_policy_context_t *context,
    exports_flatwright_plugin_policy_bundle_t *bundle,
    exports_flatwright_plugin_policy_list_diagnostic_t *findings) {
  (void)context;
  findings->ptr = malloc(bundle->objects.len * sizeof(diagnostic_t));
  findings->len = 0;
  for (size_t at = 0; at < bundle->objects.len; at++) {
    if (bundle->objects.ptr[at].reference.name.len > LONGEST_NAME) {
      diagnostic_t *finding = &findings->ptr[findings->len++];
      say(finding, "a name is longer than 40 characters", "choose a shorter name");
      finding->place.tag = FLATWRIGHT_PLUGIN_FINDINGS_PLACE_OBJECT;
      finding->place.val.object.object = bundle->objects.ptr[at].reference;
      plugin_string_set(&finding->place.val.object.path, "metadata.name");
    }
  }
}

// end
// hook: kubeadm
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
// end
