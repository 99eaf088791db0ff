// Before the first paint: the theme that the settings chose, so that a dark room sees no white flash.
(() => {
  const theme = localStorage.getItem('weighbridge-theme');
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  const begin = () => document.body.classList.toggle('dark', dark);
  if (document.body) { begin(); return; }
  new MutationObserver((_, watch) => { if (document.body) { begin(); watch.disconnect(); } })
    .observe(document.documentElement, {childList: true});
})();
