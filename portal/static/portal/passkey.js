// A passkey that did not work is said in words; the page offers another way.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.createElement("p");
  said.className = "notice error";
  said.textContent = "Your browser did not finish with the passkey. Please try again, or use another way.";
  document.querySelector(".notices-region").replaceChildren(said);
});
