/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.ui.internal.scope;

/** The commands of the view, as {@code plugin.xml} declares them. */
enum ScopeCommand {
    BUILD_AND_LOAD("buildAndLoad", "Build and Load", "build-load"),
    UNLOAD("unload", "Unload", "unload"),
    RECORD("record", "Start", "record"),
    PAUSE("pause", "Pause", "pause"),
    CLEAR("clear", "Clear", "clear"),
    RECORD_SESSION("recordSession", "Record the session in a file", "record-file"),
    STIMULUS("stimulus", "One stimulus", "stimulus"),
    SEND("send", "Send the stimulus", "stimulus"),
    LIVE("live", "Follow live", "live"),
    ZOOM_IN("zoomIn", "Zoom in", "zoom-in"),
    ZOOM_OUT("zoomOut", "Zoom out", "zoom-out"),
    FIT("fit", "Fit", "fit"),
    NEXT_EVENT("nextEvent", "Next event", ""),
    PREVIOUS_EVENT("previousEvent", "Previous event", ""),
    NEXT_CHAIN("nextChain", "Next chain", ""),
    PREVIOUS_CHAIN("previousChain", "Previous chain", ""),
    LANE_DOWN("laneDown", "Lane below", ""),
    LANE_UP("laneUp", "Lane above", ""),
    CURSOR_A("cursorA", "Set cursor A", ""),
    CURSOR_B("cursorB", "Set cursor B", ""),
    DESELECT("deselect", "Deselect", ""),
    GO_TO_TIME("goToTime", "Go to time", ""),
    OPEN_SOURCE("openSource", "Open source", "");

    private static final String PREFIX = "org.kmodscope.ui.scope.";

    private final String id;
    private final String title;
    private final String icon;

    ScopeCommand(String name, String title, String icon) {
        this.id = PREFIX + name;
        this.title = title;
        this.icon = icon;
    }

    /** Its identifier in the command registry. */
    String id() {
        return id;
    }

    /** Its name on a button. */
    String title() {
        return title;
    }

    /** The path of its icon in the bundle; empty when it has none. */
    String icon() {
        return icon.isEmpty() ? "" : "icons/" + icon + ".svg";
    }
}
