// Delivering: messages from the outbox to the people and programs that wait for them.
//
// In: rows of the outbox, written in the same transaction as the change they tell of. Out: signed webhooks, lines of the
// alert log, lines for a terminal; and what became of each row. It decides nothing about alerts.
