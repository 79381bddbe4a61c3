// js_on_load of a panel: reports what is done in it as its `select` event. What is typed stays here until then.
const given = (form) => {
  const values = {};
  for (const field of form ? form.elements : []) {
    const absent = !field.name || ((field.type === 'radio' || field.type === 'checkbox') && !field.checked);
    if (!absent && field.value.trim()) values[field.name] = field.value;
  }
  return values;
};
let last = {action: 'open'};
let busy = 0, told = '', at = 0, next = null;
const ASIDE = ['article', 'case', 'download', 'export']; // what leaves the panel as it is
const tell = (data) => {
  const same = JSON.stringify(data) === told && Date.now() - at < 800;
  if (same) return; // a double click is one click
  const aside = ASIDE.includes(data.action);
  if (busy && !aside) { next = data; return; } // done as soon as the panel shows what was asked for before
  told = JSON.stringify(data);
  at = Date.now();
  if (!aside) {
    busy = setTimeout(settled, 20000);
    element.setAttribute('aria-busy', 'true');
    last = data;
  }
  trigger('select', data);
};
const settled = () => {
  clearTimeout(busy);
  busy = 0;
  element.removeAttribute('aria-busy');
  const waiting = next;
  next = null;
  if (waiting) tell(waiting);
};
element.addEventListener('click', (event) => {
  const one = event.target.closest('[data-action]');
  if (!one || !element.contains(one) || one.tagName === 'FORM' || one.type === 'submit' || one.tagName === 'SELECT') return;
  if (one.dataset.action === 'retry') return tell(last);
  const form = one.form || one.closest('form');
  const data = {...(form ? form.dataset : {}), ...one.dataset, values: given(form)};
  // A paper is about the consultation that is open, unless another one is chosen.
  if (data.action === 'paper') data.id = new URLSearchParams(location.search).get('c') || '';
  tell(data);
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  tell({...form.dataset, ...(event.submitter ? event.submitter.dataset : {}), values: given(form)});
});
element.addEventListener('change', (event) => {
  const one = event.target;
  if (one.tagName === 'SELECT' && one.dataset.action) tell({...one.form.dataset, ...one.dataset, values: given(one.form)});
});
element.addEventListener('keydown', (event) => {
  const field = event.target;
  if (event.key === 'Enter' && event.isComposing) event.preventDefault(); // this Enter chooses characters
  else if (event.key === 'Enter' && field.tagName === 'TEXTAREA' && (event.ctrlKey || event.metaKey)) field.form.requestSubmit();
});
watch('value', () => {
  settled();
  const focused = element.querySelector('[data-focus]');
  if (!focused) return;
  focused.focus({preventScroll: true});
  focused.scrollIntoView({block: focused.tagName.startsWith('H') ? 'start' : 'center'});
});
// A tab is filled when it first comes into sight; what shows the visitor's data is fetched anew every time.
let seen = false;
new ResizeObserver(() => {
  const now = element.getClientRects().length > 0;
  if (now && !seen && element.querySelector('[data-waiting], [data-fresh]')) tell({action: 'open'});
  if (now && !seen) window.scrollTo(0, 0); // the tab before it may have been read far down
  seen = now;
}).observe(element);
