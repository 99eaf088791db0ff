// A link within the page would be taken for another page (Gradio sets a base address): go there ourselves.
element.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (!link) return;
  event.preventDefault();
  const place = document.querySelector(link.getAttribute('href'));
  if (!place) return;
  place.scrollIntoView({block: 'start'});
  place.tabIndex = -1;
  place.focus({preventScroll: true});
});
