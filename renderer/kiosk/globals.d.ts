/** Set by the build: true only in the page of the demo, which shows the dock. */
declare const __DEMO__: boolean;
