// Desk: how officers' acts come in: the API that the command line uses, and a page with a form for whoever follows a link.
//
// In: requests. Out: answers, and acts for the engine. It decides nothing: what may be done is the engine's to say.
