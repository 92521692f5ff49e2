package metrics

// outageFamilies are about how long phones can be without a server.
func outageFamilies() []family {
	return []family{
		{"hotpair_outage_promised_seconds", "The longest time that a phone may be without a server: objective.max_outage.", nil, func(s Sample, is telling) {
			if s.Outage != nil {
				is(s.Outage.Promised)
			}
		}},
		{"hotpair_outage_worst_seconds", "The longest time that a phone can be without a server, in the worst case.", nil, func(s Sample, is telling) {
			if s.Outage != nil {
				is(s.Outage.Longest)
			}
		}},
		{"hotpair_phones", "Phones that can have a backup server, by the profile that applies to them.", []string{"profile"}, tellPhones},
		{"hotpair_phones_without_backup", "Phones that can have no backup server.", nil, func(s Sample, is telling) {
			if s.Outage != nil && s.Outage.Known {
				is(float64(len(s.Outage.NoBackup)))
			}
		}},
	}
}

func tellPhones(s Sample, is telling) {
	if s.Outage == nil || !s.Outage.Known {
		return
	}
	counts := map[string]int{}
	for _, p := range s.Outage.Profiles {
		counts[p.Profile] += p.Phones
	}
	for profile, phones := range counts {
		is(float64(phones), profile)
	}
}
