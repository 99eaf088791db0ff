// Editing a sent message and opening a cited passage: both happen inside the chat, which is not our widget.
const told = (node, start) => [...node.classList].find((name) => name.startsWith(start)).slice(start.length);
const close = (form) => {
  const content = form.parentElement;
  form.remove();
  content.querySelectorAll('.wb-said, .wb-again').forEach((part) => { part.hidden = false; });
};
const edit = (button) => {
  document.querySelectorAll('#chat .wb-resend').forEach(close);
  const content = button.parentElement, said = content.querySelector('.wb-said');
  const form = document.createElement('form');
  form.className = 'wb-resend';
  form.innerHTML = '<textarea aria-label="Your message, edited" maxlength="20000" rows="3"></textarea>'
    + '<p>What followed this message is taken back, with the facts noted since.</p>'
    + '<div><button type="submit" class="wb-strong">Send again</button><button type="button">Cancel</button></div>';
  const [text, cancel] = [form.querySelector('textarea'), form.querySelector('[type=button]')];
  const lines = [...said.querySelectorAll('.wb-line')].map((line) => line.textContent);
  text.value = lines.length ? lines.join('\n') : said.textContent;
  const leave = () => { close(form); button.focus(); };
  cancel.addEventListener('click', leave);
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') leave();
    if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const value = text.value.trim();
    if (!value) return;
    close(form);
    trigger('click', {action: 'resend', fact: told(button, 'wb-line-'), value});
    document.querySelector('#message textarea')?.focus();
  });
  said.hidden = button.hidden = true;
  content.append(form);
  text.focus();
};
document.addEventListener('click', (event) => {
  const button = event.target.closest('#chat .wb-again');
  if (button) edit(button);
});
// A passage that was read once is kept: the chat may be drawn anew while it is open.
const passages = new Map();
document.addEventListener('toggle', async (event) => {
  const cited = event.target;
  if (!cited.matches?.('#chat .wb-cited') || !cited.open || cited.dataset.there) return;
  const place = cited.querySelector('.wb-opened'), name = told(cited, 'wb-cite-');
  try {
    const reply = passages.has(name) ? null : await fetch(`passage/${name}`);
    if (reply && !reply.ok) { place.textContent = await reply.text(); return; }
    if (reply) passages.set(name, await reply.text());
    place.innerHTML = passages.get(name);
    cited.dataset.there = '1';
  } catch (error) {
    place.textContent = 'The passage could not be opened. Is Weighbridge still running? Close it and open it again.';
  }
}, true);
