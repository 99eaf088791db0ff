// Gradio says that it reconnects, not what to do: a stopped program does not come back by itself.
const WORDS = 'Weighbridge does not answer; it was stopped, or is starting. Start it again with "weighbridge" in a terminal: '
  + 'this page then goes on by itself, and what you have written stays.';
const explain = () => {
  for (const body of document.querySelectorAll('.toast-text, .toast-body *')) {
    if (!body.children.length && /^Connection to the server was lost/.test(body.textContent)) body.textContent = WORDS;
  }
};
new MutationObserver(explain).observe(document.body, {subtree: true, childList: true, characterData: true});
