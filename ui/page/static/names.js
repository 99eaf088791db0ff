// Gradio labels each message with its own markup, which a screen reader would read aloud.
const name = (message) => {
  const who = message.dataset.testid === 'user' ? 'You' : 'Weighbridge';
  if (message.getAttribute('aria-label') === who) return;
  message.setAttribute('role', 'group');
  message.setAttribute('aria-label', who);
};
const tidy = () => document.querySelectorAll('#chat [data-testid=bot], #chat [data-testid=user]').forEach(name);
new MutationObserver(tidy).observe(document.body, {subtree: true, childList: true, attributeFilter: ['aria-label']});
tidy();
