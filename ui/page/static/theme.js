// Before the first paint, and against Gradio's own choice: the theme that the settings chose.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const wanted = () => {
    const theme = localStorage.getItem('weighbridge-theme');
    return theme === 'dark' || (theme !== 'light' && system.matches);
  };
  const hold = () => {
    const dark = wanted();
    document.documentElement.style.background = dark ? '#111615' : '#f4f2ec';
    if (document.body && document.body.classList.contains('dark') !== dark) document.body.classList.toggle('dark', dark);
  };
  hold();
  new MutationObserver((_, watch) => {
    if (!document.body) return;
    watch.disconnect();
    hold();
    new MutationObserver(hold).observe(document.body, {attributeFilter: ['class']});
  }).observe(document.documentElement, {childList: true});
  system.addEventListener('change', hold);
})();
