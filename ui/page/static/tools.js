// The links at the top open the panels below, and take the keyboard there.
document.addEventListener('click', (event) => {
  const link = event.target.closest('.wb-tools a');
  if (!link) return;
  event.preventDefault();
  const summary = document.querySelector(`${link.getAttribute('href')} summary`);
  if (!summary) return;
  if (!summary.parentElement.open) summary.click();
  const go = () => summary.scrollIntoView({block: 'start'});
  const watch = new ResizeObserver(go);  // what it holds comes a moment later, and makes room to scroll
  watch.observe(summary.parentElement);
  setTimeout(() => watch.disconnect(), 2000);
  go();
  summary.focus({preventScroll: true});
});
// Another conversation has another address: back and forward go between them.
addEventListener('popstate', () => location.reload());
