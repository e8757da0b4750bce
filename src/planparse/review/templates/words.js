"use strict";
// The page's own words in another language; what the document says stays as it is.
const WORDS = JSON.parse(document.getElementById("words").textContent);

function speak(language) {
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = WORDS[language][one.dataset.word];
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", WORDS[language][one.dataset.label]);
  document.getElementById("language").lang = language === "vi" ? "en" : "vi";
}

document.getElementById("language").addEventListener("click", () =>
  speak(document.documentElement.lang === "vi" ? "en" : "vi"));
