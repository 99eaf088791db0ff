// Tells a screen reader every answer once, when it is complete: Gradio's log would read it anew with each word.
const voice = document.createElement('div');
voice.id = 'wb-voice';
voice.setAttribute('role', 'status');
document.body.append(voice);
let working = false, before = 0;
const said = () => [...document.querySelectorAll('#chat [data-testid=bot]')].filter((one) => !one.querySelector('.wb-typing'));
const wordsOf = (message) => [...message.querySelectorAll('.wb-said, .wb-question, .wb-why')].map((part) => part.textContent).join(' ');
const listen = () => {
  const log = document.querySelector('#chat [role=log]');
  if (log && log.getAttribute('aria-live') !== 'off') {
    log.setAttribute('aria-live', 'off');
    log.setAttribute('aria-label', 'Conversation');
  }
  const now = Boolean(document.querySelector('#chat .wb-typing'));
  if (now === working) return;
  working = now;
  if (now) before = said().length;
  voice.textContent = now ? 'Weighbridge is working.' : said().slice(before).map(wordsOf).join(' ');
};
new MutationObserver(listen).observe(document.body, {subtree: true, childList: true});

// A sentence about what went wrong floats into sight where its own place is not.
const float = () => {
  const notice = document.querySelector('#notice'), place = notice?.getBoundingClientRect();
  if (!notice) return;
  const away = place.bottom < 60 || place.top > innerHeight - 20;
  if (!notice.querySelector('.wb-notice-problem')) notice.classList.remove('wb-afloat');
  else if (away) notice.classList.add('wb-afloat');
};
new MutationObserver(float).observe(document.body, {subtree: true, childList: true});
document.addEventListener('pointerdown', (event) => event.target.closest('.wb-afloat')?.classList.remove('wb-afloat'));
