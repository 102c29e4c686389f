/* Nothing is exported but the plugin's entry: carillon/plugin.h. */
#include <carillon/plugin.h>
