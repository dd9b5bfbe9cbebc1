package registry

import "testing"

// ForgetPeople makes rows that people corrected the machine's again, as rows of
// an older version of the program are.
func ForgetPeople(t *testing.T, r *Registry, project string, ids ...string) {
	t.Helper()
	err := r.store.Update(func(tx Tx) error {
		for _, id := range ids {
			row, err := rowTable.get(tx, project, id)
			if err != nil {
				return err
			}
			row.Corrected, row.Confirmed, row.Placed, row.Reviewed = "", "", "", ""
			if err := rowTable.put(tx, row, project, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
