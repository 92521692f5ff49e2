{"node": {"role": "master"}, "provisioning": {"token": "s3cr3t"}}
