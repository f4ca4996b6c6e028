// Sets theme and language before the first paint, so that nothing flashes. src/prefs.rs keeps the same keys.
(() => {
  const root = document.documentElement;
  const stored = (name) => {
    try {
      return localStorage.getItem("plimsoll." + name);
    } catch {
      return null; // The browser keeps nothing for us.
    }
  };
  const theme = stored("theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  root.lang = stored("lang") ?? (navigator.language?.startsWith("zh") ? "zh-CN" : "en");
})();
