/** The template tag for pages: what is put into it becomes text, whatever it holds. */

import { Html, html } from "../../lib/index";

test("a script that is put in is text, also inside an attribute", () => {
  const typed = `"><script>alert('&')</script>`;
  expect(html`<p title="${typed}">${typed}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">' +
      "&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</p>",
  );
});

test("what the tag has made goes in as it is, alone or in a list", () => {
  const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
  expect(
    html`<ul>
      ${items}
    </ul>`.text,
  ).toMatch(/<li>a<\/li><li>&lt;b&gt;<\/li>/);
  expect(html`${new Html("<hr>")}`.text).toBe("<hr>");
});

test("nothing comes of undefined and false, and of 0 a nought", () => {
  expect(html`${undefined}${false}${0}`.text).toBe("0");
});
