// Fills in the number of the case from the fragment of the address, which a QR code and a letter have.
// A browser does not send the fragment, so the server cannot. Without script the reader types the number.
"use strict";
(() => {
  const field = document.getElementById("number");
  const number = location.hash.slice(1);
  if (field && !field.value && /^[A-Z]{1,8}-[0-9]{4}-[0-9]{1,9}$/.test(number)) {
    field.value = number;
  }
})();
