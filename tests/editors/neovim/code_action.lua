-- Fixes are code actions: one, and all of them that are safe.
return function(t)
  t.file('a.calc', 'new.amount => 5 && new.amountSpent = 1\nAND new.curency == "GBP"\n')
  t.set({eventType = 'configuration.commitment.created'})
  t.start()
  t.open('a.calc')
  t.wait(function() return #t.diagnostics() >= 4 end, true, 'diagnostics')

  t.go('new.curency')
  local titles = t.titles()
  t.code_action(t.only(titles, 'new.currency'))
  t.wait(t.text, 'new.amount => 5 && new.amountSpent = 1\nAND new.currency == "GBP"', 'one is fixed')

  t.go('=>')
  t.code_action(t.only(t.titles(), '[Aa]ll'))
  t.wait(t.text, 'new.amount >= 5 AND new.amountSpent == 1\nAND new.currency == "GBP"', 'all are fixed')
  t.type('u')
  t.wait(t.text, 'new.amount => 5 && new.amountSpent = 1\nAND new.currency == "GBP"', 'one step to take back')
end
