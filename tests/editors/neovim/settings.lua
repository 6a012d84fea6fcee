-- Settings hold from the start, and when they change: Event types by glob, field lists, warnings.
local operator = '1:11 error undocumented-operator ='

return function(t)
  t.file('fields.json', '{"events": {"scheduled.mine": {"new.total": "double", "new.label": "string"}}}')
  t.file('mine/a.calc', 'new.total = 1 OR new.amount == new.amount')
  t.set({eventTypes = {['mine/**/*.calc'] = 'scheduled.mine'}, fields = {'fields.json'}})
  t.start()
  t.open('mine/a.calc')
  t.wait_diagnostics({operator, '1:18 error unknown-field new.amount', '1:32 error unknown-field new.amount'}, 'the own field list')

  local function change(settings)
    t.lua([[
      for _, client in pairs(vim.lsp.buf_get_clients(0)) do
        client.config.settings = {evcalc = ...}
        client.notify('workspace/didChangeConfiguration', {settings = client.config.settings})
      end
    ]], settings)
  end
  local commitment = {['**/*.calc'] = 'configuration.commitment.created'}
  change({eventTypes = commitment})
  t.wait_diagnostics({operator, '1:1 error unknown-field new.total', '1:18 warn self-comparison new.amount == new.amount'}, 'another Event type')
  change({eventTypes = commitment, allow = {'self-comparison'}})
  t.wait_diagnostics({operator, '1:1 error unknown-field new.total'}, 'a warning is allowed')
  change({eventTypes = commitment, deny = {'self-comparison'}})
  t.wait_diagnostics({operator, '1:1 error unknown-field new.total', '1:18 error self-comparison new.amount == new.amount'}, 'a warning is denied')
  change({eventTypes = {['elsewhere/*.calc'] = 'scheduled.mine'}})
  t.wait_diagnostics({operator}, 'no Event type: no field is judged')
end
