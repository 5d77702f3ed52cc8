// What every page has: parts of pages that come without reloading, the end of the session, keys.

import "htmx.org";
import "./session-end";
import "./keys";
import "./key-switch";
import "./dates";
import "./quick-play";
